// Ends a run by request, and tells it in the run's log. Apart from stopping itself, which knows processes and no log.
import { severities } from '../contracts/record.ts'
import { formatElapsed } from '../time/duration.ts'
import { lifecycleEntry } from './lifecycle-event.ts'
import type { ProcessOptions } from './process-options.ts'
import type { Run } from './run.ts'
import { stopRun } from './process/stop.ts'

/** `firstSignal` is passed on from somebody. Resolves when nobody of the run is left; rejects with `stop-failed`. */
export async function endRun(
  run: Run,
  { stopSignal, stopTimeoutMs: timeoutMs }: Pick<ProcessOptions, 'stopSignal' | 'stopTimeoutMs'>,
  firstSignal: NodeJS.Signals = stopSignal,
): Promise<void> {
  if (run.isAlive()) {
    run.note({ stopRequested: true })
    void run.tell(lifecycleEntry('stopping', `stopping (${firstSignal})`, { signal: firstSignal }))
  }
  const onForce = (count: number) => {
    const message = `still running ${formatElapsed(timeoutMs)} after ${firstSignal}: killing ${count || 1}`
    void run.tell(lifecycleEntry('killing', message, { severity: severities.WARNING, signal: 'SIGKILL' }))
  }
  await stopRun({ trail: run.trail, isAlive: run.isAlive, firstSignal, signal: stopSignal, timeoutMs, onForce })
  await run.exited
}
