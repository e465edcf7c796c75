// Merging and retention die in every call to the disk, or the disk fails in it: afterwards each record is there exactly once,
// or it was to be removed and that is written down.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Disk } from '../../../src/system/disk.ts'
import { recordsOf } from '../../../src/query/read/records-of.ts'
import type { LogRecord } from '../../../src/contracts/record.ts'
import { keepEverything, type Retention } from '../../../src/contracts/retention.ts'
import { runHouseTask } from '../../../src/stores/local/keep/house-task.ts'
import { openLocalStore } from '../../../src/stores/local/open-local-store.ts'
import { readRemovals } from '../../../src/stores/local/removals.ts'
import type { Housekeeper } from '../../../src/stores/local/keep/housekeeper.ts'
import { openNumberedCommits } from './numbered-commits.ts'
import { seededRandom } from './seeded-random.ts'
import { openSimulatedDisk, ProcessEnded, type SimulatedDisk, type Verdict } from './simulated-disk.ts'

const directory = '/state/store'
const dayMs = 86_400_000
const start = Date.parse('2026-11-01T12:00:00Z')
const days = 4

/** Three days of several small groups each; the last is today. */
async function fill(disk: SimulatedDisk): Promise<LogRecord[]> {
  const boot = disk.boot(() => undefined)
  boot.mkdir('/state', { mode: 0o700 })
  boot.syncDirectory('/')
  const clock = { now: start }
  const store = await openLocalStore(
    { directory, now: () => clock.now, warn: assert.fail, disk: boot },
    { run: async (task) => (task.name === 'seal' ? runHouseTask(boot, task) : undefined), close: async () => {} },
  )
  const commits = openNumberedCommits(7, { largest: 10 })
  const records: LogRecord[] = []
  let number = 0
  for (let day = 0; day < days; day++) {
    clock.now = start + day * dayMs
    for (let group = 0; group < 3; group++) {
      for (let i = 0; i < 4; i++) {
        const commit = commits.commit(++number, 1, clock.now)
        await store.commit(commit.batches, commit.cursors)
        records.push(...commit.records)
      }
      await store.seal({ all: true })
    }
  }
  await store.close()
  return records
}

type Fault = 'kill' | 'power' | 'EIO'

const reading = new Set<keyof Disk>(['open', 'read', 'close', 'stat', 'fstat', 'exists', 'readdir'])

/** Does the task with a fault in the given call; false when it has fewer calls. */
async function tryWithFault(rules: Retention, fault: Fault, call: number, seed: number): Promise<boolean> {
  const disk = openSimulatedDisk(seededRandom(call, seed))
  const records = await fill(disk)
  let calls = 0
  let reads = 0
  const verdict = (name: keyof Disk): Verdict => {
    // What is only read changes nothing for the next; and of failing reads some are enough.
    if (reading.has(name) && (fault !== 'EIO' || reads++ % 6 > 0)) return undefined
    return calls++ === call ? (fault === 'EIO' ? 'EIO' : 'crash') : undefined
  }
  const now = start + (days - 1) * dayMs
  const boot = disk.boot(verdict)
  let failed = false
  try {
    runHouseTask(boot, { name: 'keep house', directory, rules, now, thorough: true })
  } catch (error) {
    failed = true
    if (fault !== 'EIO') assert.ok(isProcessEnd(error), String(error))
  }
  if (calls <= call) return false
  assert.ok(failed || fault === 'EIO', 'the fault was noticed')
  if (fault !== 'EIO') disk.crash(fault)
  await check(disk, rules, now, records)
  return true
}

const isProcessEnd = (error: unknown): boolean =>
  error instanceof ProcessEnded || (error as { cause?: unknown }).cause instanceof ProcessEnded

/** As it is found, and after the work was done to its end. */
async function check(disk: SimulatedDisk, rules: Retention, now: number, records: readonly LogRecord[]): Promise<void> {
  const boot = disk.boot(() => undefined)
  const housekeeper: Housekeeper = { run: async (task) => runHouseTask(boot, task), close: async () => {} }
  const stays = (record: LogRecord): boolean =>
    rules.ageMs === false || record.observed >= now - rules.ageMs - dayMs / 2 || record.source === 'web'
  for (const tidied of [false, true]) {
    const options = { directory, now: () => now, warn: assert.fail, disk: boot, retention: rules }
    const store = await openLocalStore(options, housekeeper)
    if (tidied) await store.seal()
    const found: LogRecord[] = []
    for await (const { batches } of store.search({ order: 'oldest' })) found.push(...recordsOf(batches, 'oldest'))
    const { removal } = readRemovals(boot, directory)
    const isWrittenDown = ({ source, run, seq }: LogRecord): boolean =>
      removal.runs.some(
        (each) => each.source === source && each.run === run && each.seqs.some(([a, b]) => a <= seq && seq <= b),
      )
    const expected = tidied
      ? records.filter(stays)
      : records.filter((record) => stays(record) || found.some(({ id }) => id === record.id))
    assert.deepEqual(found, expected)
    const gone = records.filter((record) => !found.some(({ id }) => id === record.id))
    assert.deepEqual(
      gone.filter((record) => !isWrittenDown(record)),
      [],
      'what is gone is written down',
    )
    assert.equal(store.head(), records.at(-1)!.id)
    await store.close()
    if (!tidied) continue
    const files = [...disk.files().keys()].filter((path) => path.startsWith(`${directory}/day-`))
    assert.ok(files.length <= days && !files.some((path) => path.endsWith('.new')), files.join())
  }
}

const plans: [name: string, rules: Retention][] = [
  ['merging', keepEverything],
  ['retention', { ageMs: 2 * dayMs, bytes: false, sources: [{ pattern: 'web', ageMs: false }] }],
]

// What a power loss leaves is a matter of chance.
const faults: [fault: Fault, seeds: number][] = [
  ['kill', 1],
  ['EIO', 1],
  ['power', 3],
]

for (const [name, rules] of plans)
  for (const [fault, seeds] of faults)
    test(`${name} with ${fault} in every call`, async (t) => {
      let calls = 0
      for (let seed = 1; seed <= seeds; seed++)
        for (let call = 0; await tryWithFault(rules, fault, call, seed); call++) calls++
      t.diagnostic(`${calls} calls`)
      assert.ok(calls > 15 * seeds)
    })
