// A real store process that is killed at random moments, over and over, and what it leaves behind each time.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkStore } from './check-store.ts'
import { startStore } from './run-store.ts'
import { seededRandom } from './seeded-random.ts'
import type { Said, StorePlan } from './store-process.ts'

/** More than any process makes before its end. */
const commits = 1_000_000
/** Of one life, so that no other makes the same. */
const attemptsOfLife = 1000

/** `after`: counted from the first word of the process, when it has opened the store, or from its start. */
async function live(plan: StorePlan, after: 'start' | 'opened', ms: number): Promise<Said[]> {
  const run = startStore(plan)
  if (after === 'opened') await run.spoken
  await sleep(ms)
  run.kill()
  await run.ended
  return run.said
}

/** Returns the number of commits in the end. Throws what is wrong after the first kill that did harm. */
export async function surviveStoreKills(
  seed: number,
  kills: number,
  { isHasty = false }: { isHasty?: boolean } = {},
): Promise<number> {
  const random = seededRandom(seed)
  const directory = path.join(mkdtempSync(path.join(tmpdir(), 'logboom-kills-')), 'store')
  const said: Said[] = []
  let found = 0
  try {
    for (let life = 1; life <= kills; life++) {
      const plan = {
        directory,
        seed,
        commits,
        sealEvery: random.between(1, 20),
        attempt: life * attemptsOfLife,
        isHasty,
      }
      // Some die as they open, most in the middle of their work.
      const after = random.chance(0.2) ? 'start' : 'opened'
      said.push(...(await live(plan, after, after === 'start' ? random.between(100, 500) : random.between(0, 150))))
      found = await checkStore(directory, seed, said)
    }
    return found
  } catch (cause) {
    throw new Error(`seed ${seed}, after ${found} commits: ${String(cause)}`, { cause })
  } finally {
    rmSync(path.dirname(directory), { recursive: true })
  }
}
