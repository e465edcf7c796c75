// Does what the supervisor's rule asks for, and says what came of it.
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceContext } from '../contracts/source.ts'
import { attendReadiness } from './attend-readiness.ts'
import { untilMet } from './dependencies.ts'
import { readProcessEnvironment } from './environment.ts'
import type { ProcessOptions } from './process-options.ts'
import type { ProcessRuns } from './process-runs.ts'
import { scheduleOf } from './schedule/schedule.ts'
import type { SupervisorAction, SupervisorEvent } from './state/supervisor-state.ts'

type ActionOf<Do extends SupervisorAction['do']> = Extract<SupervisorAction, { do: Do }>

/** A new run waits so long for the old one's last lines, so that the log reads in order; then it goes on regardless. */
const lastWordsTimeoutMs = 5000

interface Listener {
  happened(event: SupervisorEvent): void
  /** A start has begun. */
  onStart(): void
}

/** The working directory, absolute. */
export const directoryOf = (
  { cwd }: Pick<ProcessOptions, 'cwd'>,
  { baseDirectory }: Pick<SourceContext, 'baseDirectory'>,
): string => resolve(baseDirectory, cwd ?? '.')

export function openPerformer(
  options: ProcessOptions,
  context: SourceContext,
  runs: ProcessRuns,
  { happened, onStart }: Listener,
): (action: Exclude<SupervisorAction, ActionOf<'answer'>>) => void {
  const directory = directoryOf(options, context)
  const stdin = options.stdin ?? (scheduleOf(options) ? 'empty' : 'open')
  const environment = () => readProcessEnvironment(options, context)
  let waiting = new AbortController()

  async function prepare(): Promise<void> {
    const { signal } = (waiting = new AbortController())
    onStart()
    try {
      if (Object.keys(options.dependsOn).length > 0)
        await untilMet(options.dependsOn, context, signal, (why) => happened({ type: 'waiting', why }))
    } catch (error) {
      const isAbandoned = signal.aborted
      return happened({ type: 'prepared', isAbandoned, error: isAbandoned ? undefined : (error as Error) })
    }
    const before = runs.current()
    if (before) await Promise.race([before.told, sleep(lastWordsTimeoutMs, undefined, { ref: false })])
    happened({ type: 'prepared', isAbandoned: false })
  }

  async function launch({ restarts, history, firing }: ActionOf<'launch'>): Promise<void> {
    const { command } = options
    let outcome: SupervisorEvent
    try {
      const run = await runs.launch({ command, directory, stdin, environment, restarts, history, firing })
      outcome = { type: 'launched', run: run.number }
    } catch (error) {
      outcome = { type: 'launch-failed', run: context.runs.last()?.run ?? 0, error: error as Error }
    }
    happened(outcome)
  }

  async function lookForReady({ difference }: ActionOf<'look-for-ready'>): Promise<void> {
    const run = runs.current()
    if (!run || !options.ready) return
    const outcome = await attendReadiness(run, options.ready, context, { directory, environment })
    if (!outcome) return
    const { isReady, why = difference } = outcome
    happened({ type: 'looked-for-ready', run: run.number, isReady, why })
  }

  const stop = ({ signal }: ActionOf<'stop'>): Promise<void> =>
    runs.stop(signal).then(
      () => happened({ type: 'stopped' }),
      (error: Error) => happened({ type: 'stopped', error }),
    )

  const close = ({ isLeaving }: ActionOf<'close'>): Promise<void> =>
    runs.close(isLeaving).then(() => happened({ type: 'closed' }))

  return (action) => {
    switch (action.do) {
      case 'prepare':
        return void prepare()
      case 'abandon':
        return waiting.abort()
      case 'launch':
        return void launch(action)
      case 'look-for-ready':
        return void lookForReady(action)
      case 'stop':
        return void stop(action)
      case 'close':
        return void close(action)
      case 'note-restart':
        return runs.noteRestart(action)
      case 'forget-restart':
        return runs.forgetRestart()
      case 'tell':
        return runs.tell(action.entry)
    }
  }
}
