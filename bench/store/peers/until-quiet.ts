// Waits until a server has nothing left to do in the background, such as merging: what it puts off counts all the same.
import { setTimeout as sleep } from 'node:timers/promises'

const lookMs = 1000
const quietShare = 0.03
const longestMs = 120_000

export interface Signs {
  /** Used so far, of all threads. */
  cpuSeconds: () => number
  /** Bytes on disk, of a server that writes a while after its processor has come to rest. */
  bytes?: () => number
  /** Milliseconds for which all signs must be at rest; default one look. */
  restMs?: number
}

/**
 * Resolves when for `restMs` the processor was hardly used and the bytes stayed the same; with the seconds of that rest, which
 * belong to nobody's work. Rejects after two minutes: a figure taken before the end would flatter.
 */
export async function untilQuiet({ cpuSeconds, bytes, restMs = lookMs }: Signs): Promise<number> {
  let before = { cpu: cpuSeconds(), bytes: bytes?.() }
  let restedMs = 0
  for (const deadline = performance.now() + longestMs; performance.now() < deadline;) {
    await sleep(lookMs)
    const now = { cpu: cpuSeconds(), bytes: bytes?.() }
    const isQuiet = (now.cpu - before.cpu) * 1000 < lookMs * quietShare && now.bytes === before.bytes
    restedMs = isQuiet ? restedMs + lookMs : 0
    before = now
    if (restedMs >= restMs) return restedMs / 1000
  }
  throw new Error(`A server that was waited for is not at rest after ${longestMs / 1000} s`)
}
