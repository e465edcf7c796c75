// Waiting before a start: for other processes of the hub, until they are as far as this one needs them.
import { setTimeout as sleep } from 'node:timers/promises'
import { LogboomError } from '../contracts/errors.ts'
import type { SourceContext } from '../contracts/source.ts'
import type { SourceStatus } from '../contracts/source-status.ts'

export const conditions = ['started', 'ready', 'completed'] as const
/** `completed`: it has ended, with code 0. */
export type Condition = (typeof conditions)[number]
/** By name of the other. */
export type Dependencies = Record<string, Condition>

const lookMs = 100

const words: Record<Condition, string> = { started: 'to start', ready: 'to be ready', completed: 'to complete' }

/** `waits for db to be ready`; undefined when nothing is waited for any more. Throws when it will never be. */
function waitsFor(dependencies: Dependencies, statusesOf: SourceContext['statusesOf']): string | undefined {
  const open = Object.entries(dependencies).filter(([name, condition]) => !areMet(statusesOf(name), condition))
  for (const [other, condition] of open) {
    const status = statusesOf(other).find((each) => isHopeless(each, condition))
    if (status) {
      const { name } = status
      const message = `${name} was ${words[condition]}, but has ${status.state}`
      throw new LogboomError('start-failed', message, { hint: `Start it again with: logboom restart ${name}` })
    }
  }
  return open.length === 0
    ? undefined
    : `waits for ${open.map(([name, condition]) => `${name} ${words[condition]}`).join(', ')}`
}

/**
 * Starts those who were never started, and resolves when all are as far, asked anew each time; rejects when one of them never
 * will be, and when aborted. Of a list: until they are ready, where they can say so, else until they run.
 */
export async function untilMet(
  dependsOn: string[] | Dependencies,
  { statusesOf, startOther }: Pick<SourceContext, 'statusesOf' | 'startOther'>,
  signal: AbortSignal,
  show: (waiting: string) => void,
): Promise<void> {
  const dependencies = (): Dependencies =>
    Array.isArray(dependsOn)
      ? Object.fromEntries(dependsOn.map((name) => [name, statusesOf(name)[0]?.saysReady ? 'ready' : 'started']))
      : dependsOn
  for (const name of Object.keys(dependencies()))
    for (const other of statusesOf(name))
      if (other.state === 'stopped' && !other.schedule) void startOther(other.name).catch(() => {})
  let shown: string | undefined
  for (;;) {
    const waiting = waitsFor(dependencies(), statusesOf)
    if (waiting === undefined) return
    if (waiting !== shown) show(waiting)
    shown = waiting
    await sleep(lookMs, undefined, { ref: false, signal })
  }
}

/** Of all instances, where there are several. */
function areMet(statuses: SourceStatus[], condition: Condition): boolean {
  return statuses.length > 0 && statuses.every((status) => isMet(status, condition))
}

function isMet({ state, exit, schedule }: SourceStatus, condition: Condition): boolean {
  // A scheduled process comes when its time comes, which nobody can wait for.
  if (schedule) return true
  if (condition === 'completed') return state === 'exited' && exit?.code === 0
  return state === 'ready' || (condition === 'started' && state === 'running')
}

/** A process that has crashed for good comes back only by somebody's hand. */
function isHopeless({ state, exit }: SourceStatus, condition: Condition): boolean {
  if (state === 'crashed') return true
  if (state !== 'exited') return false
  return condition !== 'completed' || exit?.code !== 0
}
