// Summaries that grow while the log is read, so that something is seen at once and a reader may leave at any time.
import type { StoreReader } from '../../contracts/store.ts'
import { inSlices } from '../read/in-slices.ts'
import type { Summary, SummaryRequest } from '../../contracts/request.ts'
import { openSummary, type OpenSummary } from './summary.ts'

const tellEveryMs = 100

/**
 * `steps` adds to the summary from the newest record to the oldest, and yields after each step down to which id it has
 * got; in the middle of a step, undefined. Gives the summary about every 100 ms, and once it is done.
 */
export async function* growSummary(
  request: SummaryRequest,
  steps: (summary: OpenSummary) => Iterable<number | undefined> | AsyncIterable<number>,
  signal?: AbortSignal,
  intervalMs: number = tellEveryMs,
): AsyncGenerator<Summary> {
  const summary = openSummary(request)
  let tellAt = performance.now() + intervalMs
  for await (const through of inSlices(steps(summary), signal)) {
    if (through === undefined || performance.now() < tellAt) continue
    yield { ...summary.result(), through, done: false }
    tellAt = performance.now() + intervalMs
  }
  yield { ...summary.result(), through: (request.after ?? 0) + 1, done: true }
}

/** `summarize` for a store that knows nothing but its records: reads them all. */
export function summarizePages(search: StoreReader['search']): StoreReader['summarize'] {
  return (request, signal) =>
    growSummary(
      request,
      async function* (summary) {
        for await (const { batches, cursor } of search(request, signal)) {
          for (const batch of batches) summary.add(batch)
          yield cursor
        }
      },
      signal,
    )
}
