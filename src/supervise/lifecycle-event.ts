// Entries about a process's life in its own log: one wording for people, one set of fields for programs.
import { severities } from '../contracts/record.ts'
import type { RunExit } from '../contracts/source-status.ts'
import type { Entry } from '../contracts/source-storage.ts'
import { isFailure } from './restart-policy.ts'

export type LifecycleEvent =
  | 'started'
  | 'adopted'
  | 'ready'
  | 'not-ready'
  | 'exited'
  | 'start-failed'
  | 'restarting'
  | 'crash-looping'
  | 'restart-cancelled'
  | 'changed'
  | 'not-watched'
  | 'stopping'
  | 'killing'
  | 'skipped'
  | 'missed'

export function lifecycleEntry(
  event: LifecycleEvent,
  message: string,
  { severity = severities.INFO as number, ...fields }: { severity?: number; [field: string]: unknown } = {},
): Entry {
  return { message, stream: 'log', kind: 'event', severity, extras: { fields: { event, ...fields } } }
}

/**
 * `adopted`: a hub was looking, but only a process's parent is told how it ended. Its time is when it is told: the last
 * lines are read after the exit was noticed, and in a view sorted by time they belong before it.
 */
export function exitEntry(exit: RunExit, pid: number, requested: boolean, adopted: boolean): Entry {
  const { code, signal } = exit
  const bad = exit.known ? severities.ERROR : severities.WARNING
  const severity = requested || !isFailure(exit) ? severities.INFO : bad
  return lifecycleEntry('exited', formatExit(exit, adopted), { severity, code, signal, pid })
}

export function formatExit({ code, signal, known }: RunExit, adopted = false): string {
  if (!known) return `exited, exit code unknown (${adopted ? 'another hub started it' : 'no hub was looking'})`
  return signal === null ? `exited with code ${code}` : `killed by ${signal}`
}
