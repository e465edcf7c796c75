// The states of A10 as people see them: words, sign, colour, and what can be done.
import type { SourceState } from '../../../src/contracts/source-status.ts'

export interface StateLook {
  label: string
  /** Sign of A8, read aloud and copied with the text; on screen an icon stands for it. */
  sign: string
  tone: 'good' | 'busy' | 'idle' | 'warn' | 'bad'
  up: boolean
}

export const stateLooks: Record<SourceState, StateLook> = {
  starting: { label: 'Starting', sign: '⏳', tone: 'busy', up: true },
  running: { label: 'Running', sign: '✅', tone: 'good', up: true },
  ready: { label: 'Ready', sign: '✅', tone: 'good', up: true },
  stopping: { label: 'Stopping', sign: '⏳', tone: 'busy', up: true },
  stopped: { label: 'Stopped', sign: '⏹', tone: 'idle', up: false },
  exited: { label: 'Exited', sign: '🏁', tone: 'idle', up: false },
  crashed: { label: 'Crashed (disconnected)', sign: '❌', tone: 'bad', up: false },
  restarting: { label: 'Restarting', sign: '🔄', tone: 'warn', up: true },
  'crash-looping': { label: 'Crash-looping', sign: '🔁', tone: 'bad', up: true },
}

export const toneText: Record<StateLook['tone'], string> = {
  good: 'text-good',
  busy: 'text-busy',
  idle: 'text-faint',
  warn: 'text-warn',
  bad: 'text-bad',
}

/** In the order of the header's counts: what needs a look first. */
export const stateOrder: readonly SourceState[] = [
  'crash-looping',
  'crashed',
  'restarting',
  'starting',
  'stopping',
  'running',
  'ready',
  'exited',
  'stopped',
]
