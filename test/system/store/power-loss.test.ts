// Power loss on the real thing: the calls of a real store process are recorded once; for every prefix of them the directory
// is rebuilt as a disk may leave it, opened, and held against what the process had acknowledged by then.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requireTool } from '../../../scripts/ensure-system.ts'
import { losePower, recordStore, type Recording } from './power-loss.ts'
import { evenly } from './seeded-random.ts'
import type { TracedCall } from './trace.ts'

const strace = requireTool('strace')
const [seed, commits] = [5, 30]

/** After at most `cuts` of the calls; returns how many commits were found each time. */
async function losePowerEverywhere(recording: Recording, cuts: number): Promise<number[]> {
  const found: number[] = []
  for (const cut of evenly(recording.calls.length, cuts)) found.push(await losePower(recording, cut, 1))
  return found
}

test('power lost after any call: everything acknowledged by then is there exactly once', strace, async (t) => {
  const recording = await recordStore(seed, commits)
  const found = await losePowerEverywhere(recording, 150)
  t.diagnostic(`${recording.calls.length} calls, ${found.length} losses of power`)
  assert.equal(Math.min(...found), 0)
  assert.equal(Math.max(...found), commits)
})

test('syncs that fail: what they were to write is written again before it is acknowledged', strace, async () => {
  const recording = await recordStore(seed, commits, ['-e', 'inject=fdatasync:error=EIO:when=4..6'])
  const failed = recording.calls.filter(({ name, error }) => name === 'fdatasync' && error)
  assert.ok(failed.length >= 3)
  await losePowerEverywhere(recording, 50)
})

for (const [name, isLost] of Object.entries({
  'syncs of files': (call: TracedCall) => call.name === 'fdatasync',
  'syncs of directories and new files': (call: TracedCall) => call.name === 'fsync',
}))
  test(`a store without ${name} is found out`, strace, async () => {
    const recording = await recordStore(seed, commits)
    const hasty = { ...recording, calls: recording.calls.filter((call) => !isLost(call)) }
    await assert.rejects(losePowerEverywhere(hasty, 100), /power lost after/)
  })
