// Any number of records is printed as it is read, in the order of capture, and read in the order of time. Mostly the two
// differ little, so a window will do.
import type { LogRecord } from '../../contracts/record.ts'

function byTime(a: LogRecord, b: LogRecord): number {
  return a.time - b.time || a.id - b.id
}

/** Sorts a stream of any length, holding at most twice `window` records. What is further off comes late. */
export async function* sortByTime(pages: AsyncIterable<LogRecord[]>, window: number): AsyncGenerator<LogRecord[]> {
  const held: LogRecord[] = []
  for await (const page of pages) {
    for (const record of page) {
      held.push(record)
      if (held.length < 2 * window) continue
      held.sort(byTime)
      yield held.splice(0, window)
    }
  }
  if (held.length > 0) yield held.sort(byTime)
}
