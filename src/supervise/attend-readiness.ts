// Watches a run until it is ready or not in time, and tells it in the run's log. Apart from the state machine, which only shows
// what comes of it.
import { severities } from '../contracts/record.ts'
import type { SourceContext } from '../contracts/source.ts'
import { formatElapsed } from '../time/duration.ts'
import { lifecycleEntry } from './lifecycle-event.ts'
import { formatReady, untilReady, type ReadinessContext, type ReadyOptions } from './readiness.ts'
import { hasLine } from './run-line.ts'
import type { Run } from './run.ts'

/** Undefined when the run ended before either; else what is to be shown: nothing where all is well. */
export async function attendReadiness(
  run: Run,
  ready: ReadyOptions,
  context: SourceContext,
  place: Pick<ReadinessContext, 'directory' | 'environment'>,
): Promise<{ isReady: boolean; why?: string } | undefined> {
  const over = new AbortController()
  void Promise.race([run.exited, run.over]).then(() => over.abort())
  const checks = { ...place, hasLine: (pattern: string) => hasLine(context, run.number, pattern) }
  const isReady = await untilReady(ready, checks, over.signal).catch(() => undefined)
  if (isReady === undefined) return undefined
  if (isReady) {
    run.note({ ready: true })
    void run.tell(lifecycleEntry('ready', 'ready'))
    return { isReady }
  }
  const why = `not ready within ${formatElapsed(ready.timeoutMs)}: waited until ${formatReady(ready)}`
  void run.tell(lifecycleEntry('not-ready', why, { severity: severities.WARNING }))
  return { isReady, why }
}
