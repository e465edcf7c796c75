// For tests of the rule: rules, orders and events that are needed again and again.
import { LogboomError } from '../../contracts/errors.ts'
import type { RunExit } from '../../contracts/source-status.ts'
import type { Entry } from '../../contracts/source-storage.ts'
import { lifecycleEntry } from '../lifecycle-event.ts'
import type { NewestRun, SupervisorEvent, SupervisorRules } from './supervisor-state.ts'

export const standard: SupervisorRules = {
  restart: 'on-failure',
  backoff: { initialMs: 500, maxMs: 30_000 },
  crashLoop: { exits: 3, withinMs: 60_000 },
  autostart: true,
  hasSchedule: false,
}
export const now = 1_000_000
export const failed: RunExit = { code: 1, signal: null, at: now, known: true }
export const ended: RunExit = { ...failed, code: 0 }
export const unseen: RunExit = { ...failed, code: null, known: false }
export const trouble: LogboomError = new LogboomError('start-failed', 'no memory')
export const missing: LogboomError = new LogboomError('command-not-found', 'command not found: x')
export const entry: Entry = lifecycleEntry('changed', 'a.ts changed: restarting')

export const start = { want: 'start', isWholesale: false } as const
export const restart = { want: 'restart', isWholesale: false } as const
export const stop = { want: 'stop' } as const

export const found = (
  changes: Partial<NewestRun> | undefined,
  details: Partial<NewestRun['details']> = {},
): SupervisorEvent => ({
  type: 'found',
  newest: changes && {
    run: 3,
    startedAt: now - 10,
    isOpen: true,
    wasSeenEnding: false,
    details: { runId: 'x', command: 'x', restarts: 2, ...details },
    ...changes,
  },
})
