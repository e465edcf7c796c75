// What retention removes and what it leaves, and that merging changes nothing but where records lie.
import assert from 'node:assert/strict'
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { keepEverything, type Retention } from '../../../contracts/retention.ts'
import { nodeDisk, type Disk } from '../../../system/disk.ts'
import { readDay } from '../day/day-file.ts'
import { allRecords, dayMs, hastyDisk, openHouse, type House } from './house-harness.ts'
import { readRemovals } from '../removals.ts'

const withRules = (rules: Partial<Retention>): Retention => ({ ...keepEverything, ...rules })

const messagesOf = async (house: House, query = ''): Promise<string[]> =>
  (await allRecords(house.reader(), { query })).map(({ message }) => message)

const sourcesOf = async (house: House): Promise<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(await allRecords(house.reader()), ({ source }) => source)].map(([source, own]) => [
      source,
      own.length,
    ]),
  )

/** A group per day: 100 records of each source. */
async function fill(house: House, days: number, sources: string[]): Promise<void> {
  for (let day = 0; day < days; day++) {
    house.day(day)
    for (const source of sources) await house.commit(source, 100)
    await house.seal()
  }
}

function storeBytes(house: House): number {
  return readdirSync(house.directory).reduce((sum, name) => sum + statSync(join(house.directory, name)).size, 0)
}

const blocksOf = (house: House): number =>
  house
    .days()
    .flatMap((name) => readDay(nodeDisk, join(house.directory, name)).groups)
    .flatMap(({ blocks }) => blocks).length

describe('retention', () => {
  test('by age: whole days go, and nothing tells of a gap', async (t) => {
    const house = await openHouse(t, withRules({ ageMs: 3 * dayMs }))
    await fill(house, 8, ['api', 'web'])
    // Noon of day 7: what was captured before day 4 is older, of day 4 only a part, which stays.
    assert.deepEqual(
      house.days(),
      [4, 5, 6, 7].map((day) => `day-2026-11-0${day + 1}.blocks`),
    )
    const records = await allRecords(house.reader())
    assert.deepEqual(
      records.map(({ id }) => id),
      Array.from({ length: 800 }, (_, i) => 801 + i),
    )
    assert.ok(records.every(({ kind }) => kind === 'system'))
    assert.deepEqual(house.warnings, [])
  })

  test('by age of a source: its blocks go, the others of the day are found as before', async (t) => {
    const house = await openHouse(
      t,
      withRules({
        ageMs: 6 * dayMs,
        sources: [
          { pattern: 'API*', ageMs: 2 * dayMs },
          { pattern: 'audit', ageMs: false },
        ],
      }),
    )
    await fill(house, 9, ['api-1', 'audit', 'web'])
    assert.deepEqual(await sourcesOf(house), { 'api-1': 300, audit: 900, web: 700 })
    const web = await allRecords(house.reader(), { query: 'source:web', order: 'newest' })
    assert.deepEqual(
      web.map(({ seq }) => seq),
      Array.from({ length: 700 }, (_, i) => 900 - i),
    )
    assert.ok((await allRecords(house.reader(), { query: 'kind:gap' })).length === 0)
    assert.ok(house.days().every((name) => /^day-2026-11-0\d(\.[1-3])?\.blocks$/.test(name)))
  })

  test('by size: the oldest go first, and what is there is below the limit', async (t) => {
    const house = await openHouse(t)
    await fill(house, 10, ['api', 'web'])
    const limit = Math.round(storeBytes(house) * 0.6)
    await house.reopen(withRules({ bytes: limit }))
    await house.seal()
    assert.ok(storeBytes(house) <= limit)
    const ids = (await allRecords(house.reader())).map(({ id }) => id)
    assert.ok(ids.length >= 1000 && ids[0]! > 1 && ids.at(-1) === 2000, `${ids.length} from ${ids[0]}`)
    assert.deepEqual(
      ids,
      Array.from(ids, (_, i) => ids[0]! + i),
    )
  })

  test('by size within one day: at least a quarter of it goes at once', async (t) => {
    const house = await openHouse(t)
    for (let i = 0; i < 40; i++) {
      await house.commit('api', 100, { message: (seq) => `${seq} ${(seq * 2654435761) % 4294967296} ${Math.sin(seq)}` })
      await house.store.seal({ all: true })
    }
    const [day] = house.days()
    const bytes = statSync(join(house.directory, day!)).size
    const report = await house.store.retain({ rules: withRules({ bytes: storeBytes(house) - 1 }) })
    assert.ok(report.bytes >= bytes / 4 && report.bytes < bytes / 3, `${report.bytes} of ${bytes}`)
    assert.equal((await allRecords(house.reader())).length, 4000 - report.records)
  })

  test('by size of a source: only its own oldest days go', async (t) => {
    const house = await openHouse(t)
    await fill(house, 10, ['api', 'web'])
    const { sources } = await house.store.info()
    const { bytes } = sources.find(({ source }) => source === 'api')!
    const report = await house.store.retain({ rules: withRules({ sources: [{ pattern: 'api', bytes: bytes / 2 }] }) })
    assert.deepEqual(
      report.sources.map(({ source }) => source),
      ['api'],
    )
    const left = await sourcesOf(house)
    assert.equal(left['web'], 1000)
    assert.ok(left['api']! >= 300 && left['api']! <= 500, String(left['api']))
  })

  test('a dry run tells the same and removes nothing', async (t) => {
    const house = await openHouse(t)
    await fill(house, 5, ['api'])
    const before = readdirSync(house.directory)
    const rules = withRules({ ageMs: 2 * dayMs })
    const told = await house.store.retain({ rules, dryRun: true })
    assert.deepEqual(told.days, ['2026-11-01', '2026-11-02'])
    assert.deepEqual(readdirSync(house.directory), before)
    assert.deepEqual(await house.store.retain({ rules }), told)
    assert.equal(told.records, 200)
    assert.equal((await allRecords(house.reader())).length, 300)
  })

  test('when everything is gone, numbers go on, and a day begun again has a file that never was', async (t) => {
    const house = await openHouse(t)
    await fill(house, 2, ['api'])
    house.day(40)
    await house.store.retain({ rules: withRules({ ageMs: dayMs }) })
    assert.deepEqual(house.days(), [])
    await house.reopen()
    assert.equal(house.store.head(), 200)
    // The clock is set back.
    house.day(1)
    await house.commit('api', 1)
    await house.seal()
    assert.deepEqual(house.days(), ['day-2026-11-02.1.blocks'])
    assert.deepEqual(
      (await allRecords(house.reader())).map(({ id, seq }) => [id, seq]),
      [[201, 201]],
    )
  })

  test('no id is given out twice, though all is gone and what remembers the last is damaged', async (t) => {
    const house = await openHouse(t)
    await fill(house, 2, ['api'])
    house.day(40)
    await house.store.retain({ rules: withRules({ ageMs: dayMs }) })
    await house.closed(async () => {
      const tail = readdirSync(house.directory).find((name) => name.startsWith('tail-'))!
      const path = join(house.directory, tail)
      writeFileSync(path, readFileSync(path).fill(0, 20, 60))
    })
    assert.equal(house.store.head(), 200)
    assert.equal(readdirSync(join(house.directory, 'damaged')).length, 1)
  })

  test('what was removed is written down: exactly, also where sequences interleave', async (t) => {
    const house = await openHouse(t)
    await house.commit('api', 10)
    await house.commit('api', 5, { offMs: -5 * dayMs })
    await house.commit('api', 10)
    await house.commit('web', 3, { run: 4 })
    await house.seal()
    house.day(30)
    await house.store.retain({ rules: withRules({ sources: [{ pattern: 'api', ageMs: dayMs }] }) })
    const { removal, damage } = readRemovals(nodeDisk, house.directory)
    assert.deepEqual(damage, [])
    assert.deepEqual(removal.runs, [{ source: 'api', run: 1, seqs: [[1, 25]] }])
    assert.deepEqual(removal.ids, [], 'the group is there')
    await house.store.retain({ rules: withRules({ ageMs: dayMs }) })
    const all = readRemovals(nodeDisk, house.directory).removal
    assert.deepEqual(all.ids, [[1, 28]])
    assert.deepEqual(all.runs[1], { source: 'web', run: 4, seqs: [[1, 3]] })
    assert.deepEqual(all.days, { '2026-11-01': 1 })
  })

  test('many removals become one entry, which says the same', async (t) => {
    const house = await openHouse(t)
    for (let day = 0; day < 150; day++) {
      house.day(day)
      await house.commit('api', 2, { run: 1 + (day % 3) })
      await house.seal()
      await house.store.retain({ rules: withRules({ ageMs: dayMs }) })
    }
    const { removal } = readRemovals(nodeDisk, house.directory)
    assert.deepEqual(removal.ids, [[1, 296]])
    assert.deepEqual(
      removal.runs.map(({ seqs }) => seqs),
      [[[1, 100]], [[1, 98]], [[1, 98]]],
    )
    assert.ok(statSync(join(house.directory, 'removed.frames')).size < 20_000)
  })

  test('what is damaged is told as before, and not as more than it is', async (t) => {
    const house = await openHouse(t)
    for (const source of ['a', 'b', 'c', 'd']) await house.commit(source, 100)
    await house.seal()
    const path = join(house.directory, house.days()[0]!)
    const bytes = readFileSync(path)
    const { groups } = readDay(nodeDisk, path)
    // The header of b, and the sections of c.
    const [, b, c] = groups[0]!.blocks
    bytes[b!.offset + 40]! ^= 1
    bytes[c!.offset + c!.payloadBytes - 20]! ^= 1
    writeFileSync(path, bytes)
    const gaps = async (): Promise<unknown[]> =>
      (await allRecords(house.reader()))
        .filter(({ kind }) => kind === 'gap')
        .map(({ source, fields }) => [source, fields!['lines']])
    assert.deepEqual(await gaps(), [
      ['logboom', 100],
      ['c', 100],
    ])
    house.day(5)
    await house.store.retain({ rules: withRules({ sources: [{ pattern: 'a', ageMs: dayMs }] }) })
    assert.deepEqual(house.days(), ['day-2026-11-01.1.blocks'])
    assert.deepEqual(await gaps(), [
      ['logboom', 100],
      ['c', 100],
    ])
    assert.equal((await messagesOf(house, 'source:d')).length, 100)
  })

  test('what a tail still has is left alone', async (t) => {
    const house = await openHouse(t)
    await house.commit('api', 10)
    const tail = readdirSync(house.directory).find((name) => name.startsWith('tail-'))!
    copyFileSync(join(house.directory, tail), join(house.directory, '..', 'kept'))
    await house.seal()
    copyFileSync(join(house.directory, '..', 'kept'), join(house.directory, tail))
    house.day(30)
    const report = await house.store.retain({ rules: withRules({ ageMs: dayMs }) })
    assert.equal(report.records, 0)
    assert.equal((await messagesOf(house)).length, 10)
    await house.reopen(withRules({ ageMs: dayMs }))
    await house.store.seal()
    assert.deepEqual(await messagesOf(house), [])
    assert.equal(house.store.head(), 10)
  })
})

describe('merging', () => {
  test('small groups become one, block by source, and every record is what it was', async (t) => {
    const house = await openHouse(t)
    let before: unknown
    for (let i = 0; i < 40; i++) {
      await house.commit('api', 20, { run: 1 + (i >> 3), fields: { i, nested: { größe: [1, null, 'x'] } } })
      if (i % 3 === 0) await house.commit('api', 2, { run: 1 + (i >> 3), offMs: 400 * dayMs })
      if (i % 5 === 0) await house.commit('web', 1)
      if (i === 39) before = await allRecords(house.reader())
      await house.seal()
    }
    const records = await allRecords(house.reader())
    assert.deepEqual(records, before)
    assert.deepEqual(await allRecords(house.reader(), { order: 'newest' }), records.toReversed())
    const { groups } = readDay(nodeDisk, join(house.directory, house.days()[0]!))
    assert.ok(groups.length < 20, `${groups.length} groups`)
    // The day is over.
    house.day(1)
    await house.commit('api', 1, { run: 6 })
    await house.seal()
    assert.equal(readDay(nodeDisk, join(house.directory, house.days()[0]!)).groups.length, 1)
    assert.equal(blocksOf(house), 4, 'near and far of api, web, and the new one')
    assert.deepEqual((await allRecords(house.reader())).slice(0, -1), records)
    assert.deepEqual(house.warnings, [])
  })

  test('writes little for what it merges', async (t) => {
    let written = 0
    const counting: Disk = {
      ...hastyDisk,
      write: (...args) => ((written += args[1].length - (args[2] ?? 0)), nodeDisk.write(...args)),
    }
    const house = await openHouse(t, undefined, counting)
    let sealed = 0
    const groups = 280
    for (let i = 0; i < groups; i++) {
      await house.commit('api', 50, { message: (seq) => `${seq} ${Math.sin(seq)} ${Math.cos(seq)}` })
      const before = written
      await house.seal()
      // Without merging, this is what sealing alone writes.
      if (i === 0) sealed = written - before
    }
    const factor = written / (sealed * groups)
    t.diagnostic(`written ${factor.toFixed(2)} times`)
    assert.ok(factor < 7, String(factor))
    const count = readDay(nodeDisk, join(house.directory, house.days()[0]!)).groups.length
    assert.ok(count <= 48, `${count} groups are left`)
  })

  test('a group that has lost something is not touched', async (t) => {
    const house = await openHouse(t)
    for (let i = 0; i < 3; i++) {
      await house.commit('api', 10)
      await house.seal()
    }
    const path = join(house.directory, house.days()[0]!)
    const bytes = readFileSync(path)
    const { groups } = readDay(nodeDisk, path)
    const [block] = groups[1]!.blocks
    bytes[block!.offset + block!.payloadBytes - 12]! ^= 1
    writeFileSync(path, bytes)
    const before = await allRecords(house.reader())
    house.day(1)
    await house.commit('api', 1)
    await house.seal()
    assert.deepEqual(house.days()[0], 'day-2026-11-01.blocks')
    assert.deepEqual((await allRecords(house.reader())).slice(0, -1), before)
  })

  test('a reader in the middle of a day that is written anew has every record once', async (t) => {
    for (const order of ['oldest', 'newest'] as const) {
      const house = await openHouse(t)
      for (let i = 0; i < 15; i++) {
        await house.commit('api', 3000)
        await house.commit('web', 100)
        await house.seal()
      }
      const ids: number[] = []
      let pages = 0
      for await (const { batches } of house.reader().search({ order })) {
        ids.push(...batches.flatMap(({ id }) => [...id]).sort((a, b) => (order === 'oldest' ? a - b : b - a)))
        if (++pages !== 2) continue
        house.day(1)
        await house.store.seal()
        await house.store.seal()
        assert.equal(readDay(nodeDisk, join(house.directory, house.days()[0]!)).groups.length, 1)
      }
      const expected = Array.from({ length: 15 * 3100 }, (_, i) => i + 1)
      assert.deepEqual(ids, order === 'oldest' ? expected : expected.toReversed())
      assert.ok(pages > 4)
    }
  })
})
