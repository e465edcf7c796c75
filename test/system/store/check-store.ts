// Opens what is left of a store and holds it against what was acknowledged; then goes on with it, as the next life would.
import assert from 'node:assert/strict'
import { openLocalStore } from '../../../src/stores/local/open-local-store.ts'
import { openCommitOracle } from './commit-oracle.ts'
import { inThreadHousekeeper } from './in-thread-housekeeper.ts'
import { capturedAt, openNumberedCommits } from './numbered-commits.ts'
import { takeDown } from './run-store.ts'
import type { Said } from './store-process.ts'

/** Of an attempt that no process makes. */
const ownAttempt = 999_999

/**
 * Throws unless everything acknowledged is there exactly once; returns the number of the last commit. Makes one more. Adds to
 * `said` what is certain from now on.
 */
export async function checkStore(directory: string, seed: number, said: Said[]): Promise<number> {
  const oracle = openCommitOracle()
  const commits = openNumberedCommits(seed)
  const possible = takeDown(said, commits, oracle)
  const now = (): number => capturedAt(oracle.last())
  const warn = (message: string): void => assert.fail(`a warning: ${message}`)
  const store = await openLocalStore({ directory, now, warn }, inThreadHousekeeper)
  try {
    const survivor = await oracle.recover(store, possible)
    const last = oracle.last()
    if (survivor) said.push({ is: 'acknowledged', number: last, attempt: survivor.attempt })
    const next = commits.commit(last + 1, ownAttempt, capturedAt(last + 1))
    await store.commit(next.batches, next.cursors)
    oracle.acknowledge(next)
    said.push({ is: 'acknowledged', number: last + 1, attempt: ownAttempt })
    await store.seal({ all: true })
    await oracle.check(store)
    return last
  } finally {
    await store.close()
  }
}
