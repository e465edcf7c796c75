// The buffer of one job whose lines come one by one: handed over when there are enough of them, or when the oldest has waited
// long enough, in the order of their numbers.
import type { JobLine } from '../contracts/job.ts'

export interface LineBuffer {
  /**
   * Takes the line in any case; `kept` is called when it is committed, or never will be. Gives what to wait for where too many are
   * not committed yet.
   */
  add(line: JobLine, kept: () => void): Promise<void> | undefined
  /** Hands over what waits; resolves when all of it is committed, or never will be. */
  flush(): Promise<void>
}

export interface BufferOptions {
  /** Lines that are handed over at once without waiting longer. */
  batchLines: number
  flushIntervalMs: number
}

/** Batches under way; beyond, whoever sends is asked to wait. */
const mostUnderWay = 8
/** Characters of lines that are handed over at once, however few lines they are. */
const batchCharacters = 256 * 1024

/** `append` resolves when the lines are committed. `empty` is called when nothing waits and nothing is under way. */
export function openLineBuffer(
  { batchLines, flushIntervalMs }: BufferOptions,
  append: (lines: JobLine[]) => Promise<void>,
  empty: () => void,
): LineBuffer {
  let waiting: JobLine[] = []
  let characters = 0
  let keptCalls: (() => void)[] = []
  let timer: NodeJS.Timeout | undefined
  const underWay = new Set<Promise<void>>()

  function handOver(): void {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length === 0) return
    const lines = inOrder(waiting)
    const told = keptCalls
    waiting = []
    keptCalls = []
    characters = 0
    // The hub ends, and has said why nothing can be committed.
    const appended = append(lines).catch(() => undefined)
    underWay.add(appended)
    void appended.then(() => {
      underWay.delete(appended)
      for (const kept of told) kept()
      if (underWay.size === 0 && waiting.length === 0) empty()
    })
  }

  return {
    add(line, kept) {
      waiting.push(line)
      keptCalls.push(kept)
      characters += line.message.length
      if (waiting.length >= batchLines || characters >= batchCharacters) handOver()
      else timer ??= setTimeout(handOver, flushIntervalMs)
      return underWay.size > mostUnderWay ? Promise.race(underWay) : undefined
    },
    async flush() {
      handOver()
      await Promise.all(underWay)
    },
  }
}

function inOrder(lines: JobLine[]): JobLine[] {
  const areNumbered = lines.every(({ sequence }) => sequence !== undefined)
  return areNumbered ? lines.sort((a, b) => a.sequence! - b.sequence!) : lines
}
