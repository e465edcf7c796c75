// Every kind of call that a store makes to the system, killed in and failing, in a real process; `npm run torture` takes
// every single one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requireTool } from '../../../scripts/ensure-system.ts'
import { findCallFaults, meetCallFault, type CallFault } from './call-faults.ts'
import { whatWasLost } from './commit-oracle.ts'
import { evenly } from './seeded-random.ts'

const strace = requireTool('strace')
/** So many at once. */
const lanes = 2

/** Faults that met no call of the store, nor did those beside them. */
async function missedFaults(faults: readonly CallFault[]): Promise<CallFault[]> {
  const waiting = [...faults]
  const missed: CallFault[] = []
  const lane = async (): Promise<void> => {
    for (let fault = waiting.shift(); fault; fault = waiting.shift()) if (!(await meetNearby(fault))) missed.push(fault)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return missed
}

/** Threads that wake each other make calls of the same name, more of them on a busy machine, so that the numbers move. */
async function meetNearby({ call, when, fault }: CallFault): Promise<boolean> {
  for (const step of [0, 1, -1, 2, -2, 3, -3])
    if (when + step > 0 && (await meetCallFault({ call, when: when + step, fault }))) return true
  return false
}

test('killed in a call, or with a call that fails: what was acknowledged is there exactly once', strace, async (t) => {
  const all = await findCallFaults()
  const some = evenly(all.length, 24).map((index) => all[index - 1]!)
  t.diagnostic(`${some.length} of ${all.length} faults in ${new Set(all.map(({ call }) => call)).size} kinds of calls`)
  assert.deepEqual(await missedFaults(some), [])
})

for (const fault of ['signal=KILL', 'error=EIO', 'error=ENOSPC'] as const)
  test(`a store that acknowledges before it writes is found out by ${fault}`, strace, async () => {
    const faults = (await findCallFaults()).filter((each) => each.fault === fault && each.call === 'writev')
    await assert.rejects(meetCallFault(faults[1]!, { isHasty: true }), whatWasLost)
  })
