// The chunks that a channel holds until each of its followers has taken them, numbered in the order of coming.
import type { Chunk } from './chunk.ts'

export interface HeldChunks {
  /** Number of the oldest chunk that is held, and of the next one to come. */
  first(): number
  end(): number
  /** The oldest go when there are too many bytes. */
  add(chunk: Chunk): void
  at(number: number): Chunk | undefined
  /** Lines of all chunks with smaller numbers, held or not, and those that they tell are missing; `number` lies between `first` and `end`. */
  linesBefore(number: number): number
  bytesFrom(number: number): number
  /** Number of the oldest of the newest chunks that have at most so many bytes together, and no smaller than `least`. */
  newest(bytes: number, least: number): number
  dropBefore(number: number): void
  /** Drops all; nobody has the next number, and so many lines lie before it. */
  breakOff(lines: number): void
}

/** `limitBytes` is asked each time, since others share the memory. */
export function openHeldChunks(limitBytes: () => number): HeldChunks {
  let held: { chunk: Chunk; linesUpTo: number }[] = []
  let bytes = 0
  let first = 0
  let lines = 0
  let linesDropped = 0

  function drop(): void {
    const { chunk, linesUpTo } = held.shift()!
    bytes -= chunk.bytes.length
    linesDropped = linesUpTo
    first++
  }

  const end = (): number => first + held.length
  return {
    first: () => first,
    end,
    add(chunk) {
      lines += chunk.count + (chunk.missing?.lines ?? 0)
      held.push({ chunk, linesUpTo: lines })
      bytes += chunk.bytes.length
      while (bytes > limitBytes() && held.length > 1) drop()
    },
    at: (number) => held[number - first]?.chunk,
    linesBefore: (number) => (number === first ? linesDropped : held[number - first - 1]!.linesUpTo),
    bytesFrom(number) {
      let sum = 0
      for (let at = Math.max(number - first, 0); at < held.length; at++) sum += held[at]!.chunk.bytes.length
      return sum
    },
    newest(atMostBytes, least) {
      let at = end()
      for (let kept = 0; at > Math.max(least, first); at--) {
        kept += held[at - first - 1]!.chunk.bytes.length
        if (kept > atMostBytes) break
      }
      return at
    },
    dropBefore(number) {
      while (first < number) drop()
    },
    breakOff(linesMissed) {
      first = end() + 1
      lines += linesMissed
      linesDropped = lines
      held = []
      bytes = 0
    },
  }
}
