// Waits until a server has nothing left to do in the background, such as merging: what it puts off counts all the same.
import { setTimeout as sleep } from 'node:timers/promises'

const lookMs = 1000
const quietShare = 0.03
const longestMs = 120_000

/** Resolves when `cpuSeconds` has hardly grown for a second; with the seconds of that. */
export async function untilQuiet(cpuSeconds: () => number): Promise<number> {
  let before = cpuSeconds()
  for (const deadline = performance.now() + longestMs; performance.now() < deadline;) {
    await sleep(lookMs)
    const now = cpuSeconds()
    if ((now - before) * 1000 < lookMs * quietShare) break
    before = now
  }
  return lookMs / 1000
}
