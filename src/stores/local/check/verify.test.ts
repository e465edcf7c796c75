// Verification finds what is wrong and nothing else, the account of each run closes or says why not, and repair leaves
// everything that can be read.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import type { RepairReport, RunAccount, VerifyReport } from '../../../contracts/verify-report.ts'
import { nodeDisk } from '../../../system/disk.ts'
import { keepEverything } from '../../../contracts/retention.ts'
import { seededRandom } from '../../../../test/system/store/seeded-random.ts'
import { readDay } from '../day/day-file.ts'
import { allRecords, dayMs, hastyDisk, openHouse, type House } from '../keep/house-harness.ts'
import { repairStore } from './repair.ts'
import { verifyStore } from './verify.ts'

const verify = (house: House, thorough = true): VerifyReport => verifyStore(nodeDisk, house.directory, { thorough })

const repair = (house: House): Promise<RepairReport> =>
  house.closed(() => {
    const { directory, clock } = house
    return repairStore({ directory, now: () => clock.now, warn: () => undefined, disk: hastyDisk })
  })

/** Two days, a removed part, events and gaps, records that are far off, and a tail. */
async function filled(t: TestContext): Promise<House> {
  const house = await openHouse(t)
  for (let day = 0; day < 3; day++) {
    house.day(day)
    await house.commit('api', 300, {
      fields: { user: { id: 42 }, text: 'größe' },
      message: (seq) => `order ${seq * 7} of ✓ ${seq}`,
    })
    await house.commit('web', 200, { run: 1 + day })
    await house.commit('api', 3, { offMs: -9 * dayMs })
    await house.commit('web', 1, { run: 1 + day, kind: 'event', message: () => 'exited with code 0' })
    if (day === 2) break
    await house.seal()
    await house.commit('api', 100)
    await house.seal()
  }
  await house.store.retain({ rules: { ...keepEverything, sources: [{ pattern: 'web', ageMs: dayMs }] } })
  return house
}

const flip = (path: string, offset: number): void => {
  const bytes = readFileSync(path)
  bytes[offset]! ^= 1 << (offset % 8)
  writeFileSync(path, bytes)
}

const pathOf = (house: House, start: string): string =>
  join(
    house.directory,
    readdirSync(house.directory).find((name) => name.startsWith(start))!,
  )

const account = ({ runs }: VerifyReport, source: string, run = 1): RunAccount | undefined =>
  runs.find((each) => each.source === source && each.run === run)

describe('verify', () => {
  test('a store as it should be has no problems, and every account closes', async (t) => {
    const house = await filled(t)
    for (const thorough of [true, false]) {
      const seen: number[] = []
      const report = verifyStore(nodeDisk, house.directory, {
        thorough,
        progress: (done, total) => seen.push(done / total),
      })
      assert.deepEqual(report.problems, [])
      assert.ok(seen.every((each, i) => each > (seen[i - 1] ?? 0) && each <= 1))
      assert.equal(report.records, (await allRecords(house.reader())).length)
      assert.deepEqual(
        report.runs.map(({ source, run, captured, stored, removed, missing, faults }) => [
          source,
          run,
          captured,
          stored,
          removed,
          missing,
          faults,
        ]),
        [
          ['api', 1, 1109, 1109, 0, 0, []],
          ['web', 1, 201, 0, 201, 0, []],
          ['web', 2, 201, 201, 0, 0, []],
          ['web', 3, 201, 201, 0, 0, []],
        ],
      )
    }
  })

  test('an empty store is fine, too', async (t) => {
    const house = await openHouse(t)
    assert.deepEqual(verify(house), {
      directory: house.directory,
      files: 1,
      records: 0,
      bytes: verify(house).bytes,
      problems: [],
      runs: [],
    })
  })

  test('gap records speak for lines that have none; what nobody speaks for is missing', async (t) => {
    const house = await openHouse(t)
    await house.commit('api', 10)
    // As the backlog does it: in the place of the last of them.
    await house.commit('api', 1, {
      seq: 30,
      kind: 'gap',
      fields: { cause: 'disk-full', lines: 20, fromSeq: 11, toSeq: 30 },
    })
    await house.commit('api', 5)
    // As a rule that samples would do it: after the lines.
    for (const seq of [40, 50]) await house.commit('api', 1, { seq })
    await house.commit('api', 1, { kind: 'gap', fields: { cause: 'rule', lines: 13, fromSeq: 36, toSeq: 50 } })
    assert.deepEqual(account(verify(house), 'api'), {
      source: 'api',
      run: 1,
      captured: 51,
      stored: 18,
      removed: 0,
      dropped: 13,
      gaps: 20,
      missing: 0,
      faults: [],
    })
    await house.commit('api', 5, { seq: 61 })
    await house.commit('web', 2, { seq: 2 })
    for (const sealed of [false, true]) {
      if (sealed) await house.seal()
      assert.deepEqual(account(verify(house), 'api')!.faults, ['missing: 52–60'])
      assert.equal(account(verify(house), 'api')!.missing, 9)
      assert.deepEqual(account(verify(house), 'web')!.faults, ['missing: 1'])
    }
  })

  test('removed gap records go on speaking', async (t) => {
    const house = await openHouse(t)
    await house.commit('api', 10)
    await house.commit('api', 1, {
      seq: 30,
      kind: 'gap',
      fields: { cause: 'disk-full', lines: 20, fromSeq: 11, toSeq: 30 },
    })
    await house.seal()
    house.day(9)
    await house.commit('api', 5)
    await house.store.retain({ rules: { ...keepEverything, ageMs: dayMs } })
    const { captured, stored, removed, gaps, missing, faults } = account(verify(house), 'api')!
    assert.deepEqual(
      { captured, stored, removed, gaps, missing, faults },
      { captured: 35, stored: 5, removed: 10, gaps: 20, missing: 0, faults: [] },
    )
  })

  test('sequences that come twice or in wrong order are found', async (t) => {
    const house = await openHouse(t)
    await house.commit('api', 10)
    await house.commit('api', 4, { seq: 3 })
    await house.commit('web', 5, { seq: 6 })
    await house.commit('web', 5, { seq: 1 })
    for (const sealed of [false, true]) {
      if (sealed) await house.seal()
      assert.deepEqual(account(verify(house), 'api')!.faults, ['twice: 3–6'])
      assert.deepEqual(account(verify(house), 'web')!.faults, ['in wrong order: 6–10'])
    }
  })

  test('a file that is gone or cut is missed', async (t) => {
    const house = await filled(t)
    const [day] = house.days().sort()
    unlinkSync(join(house.directory, day!))
    const report = verify(house)
    assert.match(report.problems[0]!.what, /^records 1–\d+ are in no file$/)
    assert.equal(account(report, 'api')!.missing, 403)
    assert.equal(account(report, 'web')!.missing, 0, 'these were removed before')
  })

  test('a removal that was written down and not done is not counted twice', async (t) => {
    const house = await openHouse(t)
    await house.commit('api', 10)
    await house.seal()
    house.day(9)
    const path = pathOf(house, 'day-')
    const bytes = readFileSync(path)
    await house.store.retain({ rules: { ...keepEverything, ageMs: dayMs } })
    writeFileSync(path, bytes)
    const report = verify(house)
    assert.deepEqual(report.problems, [])
    assert.deepEqual([account(report, 'api')!.stored, account(report, 'api')!.removed], [10, 0])
  })

  test('every flipped bit is found, and nothing that is whole is blamed', async (t) => {
    const house = await filled(t)
    const random = seededRandom(5)
    const files = readdirSync(house.directory).filter((name) => /blocks$|frames$/.test(name))
    for (let i = 0; i < 300; i++) {
      const path = join(house.directory, random.pick(files))
      const before = readFileSync(path)
      const offset = random.between(0, before.length - 1)
      flip(path, offset)
      const { problems } = verify(house, random.chance(0.5))
      writeFileSync(path, before)
      // The zeros that fill a frame up mean nothing.
      if (before[offset] === 0 && isPadding(before, offset)) continue
      assert.ok(problems.length > 0, `${path} at ${offset}`)
    }
    assert.deepEqual(verify(house).problems, [])
  })
})

function isPadding(bytes: Buffer, offset: number): boolean {
  const next = Math.ceil((offset + 1) / 8) * 8
  return (
    bytes.subarray(offset, next).every((byte) => byte === 0) &&
    (next === bytes.length || bytes.toString('latin1', next, next + 4) === 'LBF1')
  )
}

describe('repair', () => {
  test('of a sound store does nothing', async (t) => {
    const house = await filled(t)
    const before = readdirSync(house.directory)
    assert.deepEqual(await repair(house), { done: [], setAside: [] })
    assert.deepEqual(readdirSync(house.directory), before)
  })

  test('what can be read stays, what cannot is told of and kept aside, and the account closes with a gap', async (t) => {
    const house = await openHouse(t)
    for (let run = 1; run <= 2; run++)
      for (const source of ['a', 'b', 'c', 'd']) await house.commit(source, 100, { run })
    await house.seal()
    const before = await allRecords(house.reader())
    const path = pathOf(house, 'day-')
    const { groups } = readDay(nodeDisk, path)
    const [a, b, c] = groups[0]!.blocks
    // The filter of a, the sections of b, the header of c.
    flip(path, a!.offset + 16 + a!.headerBytes + 3)
    flip(path, b!.offset + b!.payloadBytes - 16)
    flip(path, c!.offset + 40)
    const told = await allRecords(house.reader())
    assert.ok(verify(house).problems.length >= 3)
    const { done, setAside } = await repair(house)
    assert.equal(setAside.length, 3, done.join('\n'))
    assert.ok(setAside.every((each) => existsSync(each)))
    const report = verify(house)
    assert.deepEqual(report.problems, [])
    const after = await allRecords(house.reader())
    assert.deepEqual(
      after.filter(({ source }) => 'ad'.includes(source)),
      before.filter(({ source }) => 'ad'.includes(source)),
    )
    const gaps = (records: typeof after): unknown[] =>
      records.filter(({ kind }) => kind === 'gap').map(({ id, message, fields }) => [id, message, fields!['lines']])
    assert.deepEqual(gaps(after), gaps(told))
    for (const run of [1, 2])
      assert.deepEqual([account(report, 'b', run)!.gaps, account(report, 'b', run)!.missing], [100, 0])
    // Nobody knows any more whose those were; only their run, which the tail remembers, tells that they were.
    assert.deepEqual([account(report, 'c', 1)!.missing, account(report, 'c', 2)!.missing], [100, 100])
    assert.deepEqual(await repair(house), { done: [], setAside: [] })
  })

  test('a damaged tail is sealed without its damage', async (t) => {
    const house = await openHouse(t)
    for (let i = 0; i < 5; i++) await house.commit('api', 100)
    const path = pathOf(house, 'tail-')
    flip(path, Math.floor(readFileSync(path).length / 2))
    const { done, setAside } = await repair(house)
    assert.match(done[0]!, /^tail-0000000000000001\.frames: sealed without \d+ damaged bytes$/)
    assert.equal(setAside.length, 1)
    const { problems, runs } = verify(house)
    assert.deepEqual(problems, [])
    assert.deepEqual([runs[0]!.captured, runs[0]!.stored, runs[0]!.missing], [500, 400, 100])
    assert.equal((await allRecords(house.reader(), { query: 'api line' })).length, 400)
  })

  test('groups whose every block is gone are told of, too', async (t) => {
    const house = await openHouse(t)
    for (let i = 0; i < 3; i++) {
      await house.commit('api', 100)
      await house.seal()
    }
    const path = pathOf(house, 'day-')
    const { groups } = readDay(nodeDisk, path)
    flip(path, groups[1]!.blocks[0]!.offset + 40)
    truncateSync(path, groups[2]!.blocks[0]!.offset + 100)
    await repair(house)
    const { problems } = verify(house)
    assert.deepEqual(problems, [])
    const found = await allRecords(house.reader())
    assert.equal(found.length, 101)
    assert.deepEqual([found.at(-1)!.id, found.at(-1)!.fields!['lines']], [300, 200])
  })

  test('whatever is flipped or cut, all that is whole is there afterwards, and nothing is wrong any more', async (t) => {
    const random = seededRandom(11)
    for (let round = 0; round < 12; round++) {
      const house = await filled(t)
      const before = new Map((await allRecords(house.reader())).map((record) => [record.id, record]))
      for (const name of readdirSync(house.directory).filter((each) => /blocks$|frames$/.test(each))) {
        const path = join(house.directory, name)
        const { length } = readFileSync(path)
        if (random.chance(0.5)) flip(path, random.between(0, length - 1))
        if (random.chance(0.2) && name.startsWith('day-')) truncateSync(path, random.between(1, length))
      }
      await house.reopen()
      const readable = (await allRecords(house.reader())).filter(({ kind }) => kind !== 'gap')
      for (const record of readable) assert.deepEqual(record, before.get(record.id))
      await repair(house)
      assert.deepEqual(
        verify(house).problems.filter(({ what }) => !what.startsWith('records 1–')),
        [],
      )
      const after = (await allRecords(house.reader())).filter(({ kind }) => kind !== 'gap')
      for (const record of after) assert.deepEqual(record, before.get(record.id))
      const ids = new Set(after.map(({ id }) => id))
      assert.deepEqual(
        readable.filter(({ id }) => !ids.has(id)),
        [],
      )
    }
  })
})
