// What the order of event time reads of sealed records, and what it gives where they are damaged or move meanwhile.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodeDisk, type Disk } from '../../../system/disk.ts'
import type { SearchRequest } from '../../../contracts/request.ts'
import type { LogRecord } from '../../../contracts/record.ts'
import type { StoreReader } from '../../../contracts/store.ts'
import { frameHeaderBytes } from '../../../wire/frame.ts'
import { readDay, type BlockAt } from '../day/day-file.ts'
import { allRecords, dayMs, openHouse, type House } from '../keep/house-harness.ts'

const centuryMs = 36_525 * dayMs

/** Overwrites what is behind the headers of some blocks. */
function ruin(house: House, isChosen: (block: BlockAt, day: number) => boolean): void {
  for (const [day, name] of house.days().sort().entries()) {
    const path = join(house.directory, name)
    const bytes = readFileSync(path)
    for (const block of readDay(nodeDisk, path).groups.flatMap(({ blocks }) => blocks)) {
      const from = block.offset + frameHeaderBytes
      if (isChosen(block, day)) bytes.fill(0, from + block.headerBytes, from + block.payloadBytes)
    }
    writeFileSync(path, bytes)
  }
}

async function pagesOf(reader: StoreReader, request: SearchRequest): Promise<LogRecord[]> {
  const found: LogRecord[] = []
  for (;;) {
    const last = found.at(-1)
    const page = await allRecords(reader, { ...request, ...(last ? { past: { time: last.time, id: last.id } } : {}) })
    found.push(...page)
    if (page.length < request.limit!) return found
  }
}

const byTime = (a: LogRecord, b: LogRecord): number => a.time - b.time || a.id - b.id

test('blocks that are too early or too late by their headers are not read', async (t) => {
  const house = await openHouse(t)
  for (let day = 0; day < 4; day++) {
    house.day(day)
    for (let i = 0; i < 10; i++) {
      await house.commit('a', 100)
      await house.commit('b', 100)
      house.clock.now += 1000
    }
    if (day === 1) await house.commit('b', 5, { offMs: centuryMs })
    if (day === 2) await house.commit('a', 5, { offMs: -centuryMs })
    await house.seal()
  }
  const yearOf = ({ time }: LogRecord): number => new Date(time).getUTCFullYear()
  const isFar = ({ header }: BlockAt): boolean => new Date(header.timeFrom).getUTCFullYear() !== 2026

  ruin(house, (block, day) => day < 3 && !isFar(block))
  const latest = await allRecords(house.reader(), { order: 'latest', limit: 300 })
  assert.deepEqual(
    latest.map(yearOf),
    Array.from({ length: 300 }, (_, i) => (i < 5 ? 2126 : 2026)),
  )
  assert.ok(latest.slice(5).every(({ time }) => time >= house.clock.now - 2000))
  assert.deepEqual(house.warnings, [])

  // What is asked for beyond is missed, once.
  const all = await pagesOf(house.reader(), { order: 'latest', limit: 700 })
  assert.equal(all.filter(({ kind }) => kind === 'system').length, 2010)
  assert.equal(all.filter(({ kind }) => kind === 'gap').length, 6)
  assert.equal(new Set(house.warnings).size, 6)
})

test('the same time in blocks of several sources is the order of their ids', async (t) => {
  const house = await openHouse(t)
  for (let i = 0; i < 30; i++) {
    await house.commit('a', 7)
    await house.commit('b', 5)
  }
  await house.seal()
  const { length } = await allRecords(house.reader())
  for (const order of ['latest', 'earliest'] as const) {
    const ids = (await allRecords(house.reader(), { order, limit: 100 })).map(({ id }) => id)
    assert.deepEqual(
      ids,
      Array.from({ length: 100 }, (_, i) => (order === 'latest' ? length - i : i + 1)),
    )
  }
})

test('what is damaged in a block makes it a gap in the same place for every page', async (t) => {
  const house = await openHouse(t)
  for (let i = 0; i < 300; i++) {
    // A template for each part of the time: the first page needs columns of one only.
    const step = ['reading', 'sorting', 'writing', 'checking'][Math.floor(i / 75)]!
    await house.commit('a', 50, { message: (seq) => `${step} ${createHash('sha256').update(`${seq}`).digest('hex')}` })
    await house.commit('b', 1)
    house.clock.now += 1000
  }
  await house.seal()
  const path = join(house.directory, house.days()[0]!)
  const bytes = readFileSync(path)
  const { blocks } = readDay(nodeDisk, path).groups[0]!
  const { offset, payloadBytes, headerBytes } = blocks[0]!
  const whole = await allRecords(house.reader())
  let gaps = 0
  for (let part = 1; part < 12; part++) {
    const damaged = Uint8Array.from(bytes)
    damaged[offset + frameHeaderBytes + headerBytes + Math.floor(((payloadBytes - headerBytes) * part) / 12)]! ^= 1
    writeFileSync(path, damaged)
    const expected = (await allRecords(house.reader())).some(({ kind }) => kind === 'gap')
      ? whole.filter(({ source }) => source === 'b').length + 1
      : whole.length
    if (expected < whole.length) gaps++
    for (const order of ['latest', 'earliest'] as const) {
      const found = await pagesOf(house.reader(), { order, limit: 2000 })
      assert.deepEqual(found, order === 'latest' ? found.toSorted(byTime).reverse() : found.toSorted(byTime))
      assert.equal(found.length, expected, `${order} ${part}`)
    }
  }
  assert.ok(gaps > 0)
})

test('files that are gone when they are opened are looked for anew, and nothing comes twice', async (t) => {
  let opens = 0
  const flaky: Disk = {
    ...nodeDisk,
    open(path, flags, mode) {
      if (flags === 'r' && ++opens % 3 === 0) throw Object.assign(new Error('gone'), { code: 'ENOENT' })
      return nodeDisk.open(path, flags, mode)
    },
  }
  const house = await openHouse(t)
  for (let i = 0; i < 8; i++) {
    await house.commit('a', 20, { offMs: i * 100 })
    await house.commit('b', 20, { offMs: i * 100 })
    if (i < 6) await house.seal()
  }
  const expected = (await allRecords(house.reader())).toSorted(byTime)
  assert.equal(expected.length, 320)
  const reader = house.reader(flaky)
  for (const order of ['latest', 'earliest'] as const) {
    const found = await allRecords(reader, { order, limit: 1000 })
    assert.deepEqual(found, order === 'latest' ? expected.toReversed() : expected)
  }
  for await (const summary of reader.summarize({})) assert.equal(summary.count, 320)
  assert.ok(opens > 10)
})
