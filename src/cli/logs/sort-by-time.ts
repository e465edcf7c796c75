// Any number of records is printed as it is read, in the order of capture, and read in the order of time. Mostly the two
// differ little, so a window will do.

interface Timed {
  /** Unix milliseconds. */
  time: number
}

const byTime = (a: Timed, b: Timed): number => a.time - b.time

/** Sorts a stream of any length, holding at most twice `window` records, and `mostBytes`. What is further off comes late. */
export async function* sortByTime<Record extends Timed>(
  pages: AsyncIterable<Record[]>,
  window: number,
  { bytesOf, mostBytes }: { bytesOf(record: Record): number; mostBytes: number } = unbounded,
): AsyncGenerator<Record[]> {
  const held: Record[] = []
  let bytes = 0
  for await (const page of pages) {
    for (const record of page) {
      held.push(record)
      bytes += bytesOf(record)
      if (held.length < 2 * window && bytes < mostBytes) continue
      held.sort(byTime)
      const ready = held.splice(0, Math.ceil(held.length / 2))
      for (const each of ready) bytes -= bytesOf(each)
      yield ready
    }
  }
  if (held.length > 0) yield held.sort(byTime)
}

const unbounded = { bytesOf: (): number => 0, mostBytes: Infinity }
