// A small process with nothing but a store in it, to be traced, hurt and killed: makes numbered commits, seals now and then,
// and says on standard output what it does, one JSON line each, before and after.
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { LogboomError } from '../../../src/contracts/errors.ts'
import type { Store, StoreOptions } from '../../../src/contracts/store.ts'
import { localStore } from '../../../src/stores/local/local-store.ts'
import { openLocalStore } from '../../../src/stores/local/open-local-store.ts'
import { inThreadHousekeeper } from './in-thread-housekeeper.ts'
import { capturedAt, commitKey, openNumberedCommits } from './numbered-commits.ts'

export interface StorePlan {
  directory: string
  seed: number
  /** The number of the last commit to make. */
  commits: number
  sealEvery: number
  /** Seal in this thread, so that system calls can be counted. */
  sealsHere?: boolean
  /** First attempt, which must be another in each life. */
  attempt: number
  /** Acknowledge before anything is written, whatever comes of it, which must be found out. */
  isHasty?: boolean
}

export type Said =
  | { is: 'begun' | 'acknowledged'; number: number; attempt: number }
  | { is: 'refused'; number: number; attempt: number; code: string }
  | { is: 'opened' | 'done' }
  | { is: 'warned' | 'failed'; message: string }

const retryMs = 5
const maxRefusals = 100

function say(said: Said): void {
  for (;;) {
    try {
      writeSync(1, `${JSON.stringify(said)}\n`)
      return
    } catch (error) {
      // Whoever listens is slow.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

async function run({ directory, seed, commits, sealEvery, sealsHere, attempt, isHasty }: StorePlan): Promise<void> {
  let number = 1
  const options: StoreOptions = {
    directory,
    now: () => capturedAt(number),
    warn: (message) => say({ is: 'warned', message }),
  }
  const store = await (sealsHere ? openLocalStore(options, inThreadHousekeeper) : localStore.open(options))
  say({ is: 'opened' })
  const numbered = openNumberedCommits(seed)
  let refusals = 0
  for (number = Number(store.cursors().get(commitKey)?.['number'] ?? 0) + 1; number <= commits;) {
    const commit = numbered.commit(number, attempt, capturedAt(number))
    say({ is: isHasty ? 'acknowledged' : 'begun', number, attempt })
    if (isHasty) await sleep(retryMs)
    try {
      await store.commit(commit.batches, commit.cursors)
    } catch (error) {
      if (isHasty) {
        number++
        continue
      }
      say({ is: 'refused', number, attempt: attempt++, code: codeOf(error) })
      if (++refusals >= maxRefusals) throw error
      await sleep(retryMs)
      continue
    }
    if (!isHasty) say({ is: 'acknowledged', number, attempt })
    // The worker seals beside the next commits.
    if (number % sealEvery === 0) void seal(store)
    number++
  }
  await seal(store)
  await store.close()
  say({ is: 'done' })
}

async function seal(store: Store): Promise<void> {
  try {
    await store.seal({ all: true })
  } catch (error) {
    say({ is: 'warned', message: codeOf(error) })
  }
}

const codeOf = (error: unknown): string => (error instanceof LogboomError ? error.code : String(error))

if (import.meta.main) {
  try {
    await run(JSON.parse(process.argv[2]!) as StorePlan)
  } catch (error) {
    say({ is: 'failed', message: codeOf(error) })
    process.exitCode = 1
  }
}
