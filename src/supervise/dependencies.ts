// What a process waits for before it is started: others of its hub, until they are as far as it needs them.
import { setTimeout as sleep } from 'node:timers/promises'
import { LogboomError } from '../errors.ts'
import type { SourceContext, SourceStatus } from '../source.ts'

export const conditions = ['started', 'ready', 'completed'] as const
/** `completed`: it has ended, with code 0. */
export type Condition = (typeof conditions)[number]
/** By name of the other. */
export type Dependencies = Record<string, Condition>

const lookMs = 100

const words: Record<Condition, string> = { started: 'to start', ready: 'to be ready', completed: 'to complete' }

/** `waits for db to be ready`; undefined when nothing is waited for any more. Throws when it will never be. */
function waitsFor(
  dependencies: Dependencies,
  statusOf: (name: string) => SourceStatus | undefined,
): string | undefined {
  const open = Object.entries(dependencies).filter(([name, condition]) => !isMet(statusOf(name), condition))
  for (const [name, condition] of open) {
    const status = statusOf(name)
    if (status && isHopeless(status, condition)) {
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
  { statusOf, startOther }: Pick<SourceContext, 'statusOf' | 'startOther'>,
  signal: AbortSignal,
  show: (waiting: string) => void,
): Promise<void> {
  const dependencies = (): Dependencies =>
    Array.isArray(dependsOn)
      ? Object.fromEntries(dependsOn.map((name) => [name, statusOf(name)?.saysReady ? 'ready' : 'started']))
      : dependsOn
  // Who is wanted for another is wanted.
  for (const name of Object.keys(dependencies()))
    if (statusOf(name)?.state === 'stopped') void startOther(name).catch(() => {})
  let shown: string | undefined
  for (;;) {
    const waiting = waitsFor(dependencies(), statusOf)
    if (waiting === undefined) return
    if (waiting !== shown) show(waiting)
    shown = waiting
    await sleep(lookMs, undefined, { ref: false, signal })
  }
}

function isMet(status: SourceStatus | undefined, condition: Condition): boolean {
  if (!status) return false
  if (condition === 'completed') return status.state === 'exited' && status.exit?.code === 0
  return status.state === 'ready' || (condition === 'started' && status.state === 'running')
}

/** What has crashed for good comes back only by somebody's hand; what is still to be started does not. */
function isHopeless({ state, exit }: SourceStatus, condition: Condition): boolean {
  if (state === 'crashed') return true
  if (state !== 'exited') return false
  return condition !== 'completed' || exit?.code !== 0
}
