// The buffer of one job whose lines come one by one: handed over when there are enough of them, or when the oldest has waited
// long enough, in the order of their numbers.
import type { JobLine } from '../contracts/job.ts'

export interface LineBuffer {
  /** Takes the line in any case. Gives what to wait for where too many are not committed yet. */
  add(line: JobLine): Promise<void> | undefined
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

/** `append` resolves when the lines are committed. `empty` is called when nothing waits and nothing is under way. */
export function openLineBuffer(
  { batchLines, flushIntervalMs }: BufferOptions,
  append: (lines: JobLine[]) => Promise<void>,
  empty: () => void,
): LineBuffer {
  let waiting: JobLine[] = []
  let timer: NodeJS.Timeout | undefined
  const underWay = new Set<Promise<void>>()

  function handOver(): void {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length === 0) return
    const lines = inOrder(waiting)
    waiting = []
    // The hub ends, and has said why nothing can be committed.
    const appended = append(lines).catch(() => undefined)
    underWay.add(appended)
    void appended.then(() => {
      underWay.delete(appended)
      if (underWay.size === 0 && waiting.length === 0) empty()
    })
  }

  return {
    add(line) {
      waiting.push(line)
      if (waiting.length >= batchLines) handOver()
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
