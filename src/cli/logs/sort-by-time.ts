// Any number of records is printed as it is read, in the order of capture, and read in the order of time. Mostly the two
// differ little, so a window will do.

interface Timed {
  /** Unix milliseconds. */
  time: number
}

const byTime = (a: Timed, b: Timed): number => a.time - b.time

/** Sorts a stream of any length, holding at most twice `window` records. What is further off comes late. */
export async function* sortByTime<Record extends Timed>(
  pages: AsyncIterable<Record[]>,
  window: number,
): AsyncGenerator<Record[]> {
  const held: Record[] = []
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
