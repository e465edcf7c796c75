// Long work in a thread that others need, too: the thread is theirs every few milliseconds, and who waits may leave.
import { setImmediate as breathe } from 'node:timers/promises'

const sliceMs = 5

/** Each step as it comes. Throws when the signal says so. */
export async function* inSlices<Step>(
  steps: Iterable<Step> | AsyncIterable<Step>,
  signal?: AbortSignal,
): AsyncGenerator<Step> {
  signal?.throwIfAborted()
  let sliceEnd = performance.now() + sliceMs
  for await (const step of steps) {
    yield step
    if (performance.now() < sliceEnd) continue
    await breathe()
    signal?.throwIfAborted()
    sliceEnd = performance.now() + sliceMs
  }
}
