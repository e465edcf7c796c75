// When the pipeline steps: at once while much is waiting, every 2 ms while something is lively, else when a watched
// file or a call wakes it.
import { setImmediate as immediate } from 'node:timers/promises'
import type { CaptureSpace } from '../captures/capture-space.ts'
import type { Pipeline } from './pipeline.ts'

const pollMs = 2
/** While nothing can be committed, there is no hurry to read but for the space. */
const waitingPollMs = 20
/** Files are looked at so often even if no watcher speaks; more seldom where all are watched and nothing came for a while. */
const sweepMs = { busy: 1000, quiet: 3000 }
const quietAfterMs = 5000
const saveSinksMs = 1000

export interface Driver {
  wake(): void
  /** Steps until nothing is left, then no more. */
  stop(): Promise<void>
}

export interface DriverOptions {
  pipeline: Pipeline
  saveSinks(): void
  space: CaptureSpace
  /** The pipeline threw: there is nothing sensible to go on with. */
  fail(error: unknown): void
}

export function drivePipeline({ pipeline, saveSinks, space, fail }: DriverOptions): Driver {
  let stopping = false
  let wakeUp: (() => void) | undefined
  let woken = false
  let sweptAt = Number.NEGATIVE_INFINITY
  let foundAt = Number.NEGATIVE_INFINITY
  let savedAt = Number.NEGATIVE_INFINITY
  let tendAt = 0
  let wasWaiting = false

  function wake(): void {
    woken = true
    wakeUp?.()
  }

  function sleep(ms: number): Promise<void> {
    if (woken) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms)
      function done(): void {
        clearTimeout(timer)
        wakeUp = undefined
        resolve()
      }
      wakeUp = done
    })
  }

  function tend(now: number): void {
    const waiting = pipeline.waiting()
    if (now < tendAt && waiting === wasWaiting) return
    wasWaiting = waiting
    tendAt = now + space.tend(pipeline.captures(), waiting)
  }

  function restMs(now: number): number {
    const isQuiet = now - foundAt > quietAfterMs && [...pipeline.captures()].every((capture) => capture.watched())
    return isQuiet ? sweepMs.quiet : sweepMs.busy
  }

  async function run(): Promise<void> {
    while (!stopping) {
      woken = false
      const { bytes, more } = await pipeline.step()
      // Not the clock's time, which may be set back.
      const now = performance.now()
      if (now - savedAt >= saveSinksMs) {
        savedAt = now
        saveSinks()
      }
      if (now - sweptAt >= sweepMs.busy) {
        sweptAt = now
        for (const capture of pipeline.captures()) capture.touch(now)
      }
      tend(now)
      if (more) {
        // Lets calls in between two steps.
        await immediate()
        continue
      }
      if (bytes > 0) foundAt = now
      const lively = pipeline.rest(now, wake) || bytes > 0
      await sleep(pipeline.waiting() ? waitingPollMs : lively ? pollMs : restMs(now))
    }
    while ((await pipeline.step()).more) await immediate()
  }

  const running = run().catch(fail)
  return {
    wake,
    async stop() {
      stopping = true
      wake()
      await running
    },
  }
}
