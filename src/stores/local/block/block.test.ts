import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { recordAt, type RecordBatch } from '../../../contracts/batch.ts'
import { compileQuery, matchRows } from '../../../query/match/compile-query.ts'
import { parseQuery } from '../../../query/language/parse-query.ts'
import { planQuery } from '../../../query/plan/plan-query.ts'
import type { LogRecord } from '../../../contracts/record.ts'
import { templateOf } from '../../../text/template.ts'
import { stripAnsi } from '../../../text/ansi.ts'
import { batchOf, blockOf, readOf, type Row } from './block-harness.ts'
import { gramsOf } from './gram-filter.ts'
import { openBlock, soughtWords } from './open-block.ts'

const recordsIn = (batches: readonly RecordBatch[]): LogRecord[] =>
  batches.flatMap((batch) => Array.from({ length: batch.count }, (_, i) => recordAt(batch, i)))

/** A small generator of numbers below `limit`, the same for the same seed. */
function openRandom(seed: number): (limit: number) => number {
  let state = seed >>> 0
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 4294967296) * limit)
  }
}

const words = [
  'connected',
  'to',
  'GET',
  '/api/v1/items',
  'user',
  'grün',
  '東京',
  'blk_',
  '-',
  '"quoted"',
  'a\\b',
  '\u001b[31m',
  '<*>',
  '=',
]

/** Of the gram filter, before it is compressed. */
const gramsBytes = (37 ** 3 + 7) >> 3

function randomRow(random: (limit: number) => number): Row {
  const value = (): string => {
    switch (random(7)) {
      case 0:
        return String(random(1000))
      case 1:
        return `10.0.${random(256)}.${random(256)}:${random(65536)}`
      case 2:
        return (
          random(2 ** 31)
            .toString(16)
            .padStart(8, '0') + random(2 ** 31).toString(16)
        )
      case 3:
        return String(random(100) / 8)
      case 4:
        return String(random(50)).padStart(4, '0')
      case 5:
        return `-${random(99999)}`
      default:
        return words[random(words.length)]!
    }
  }
  const shape = random(12)
  const message = Array.from({ length: shape }, (_, i) =>
    i % 3 === 2 ? value() : words[(shape * 7 + i) % words.length]!,
  ).join(' ')
  const extras = [
    undefined,
    {
      logger: `app.${random(3)}`,
      fields: { ms: random(10_000) / 100, path: value(), ok: random(2) === 0, nested: { a: [value()], b: null } },
    },
    {
      fields: { [words[random(words.length)]!]: value(), ms: random(100), text: `line\n"${value()}"` },
      traceId: '0af7651916cd43dd8448eb211c80319c',
    },
    { fields: {} },
    { logger: 'x', spanId: 'b7ad6b7169203331' },
  ][random(5)]
  return {
    message: random(50) === 0 ? '' : message,
    ...(extras ? { extras } : {}),
    time: 1_700_000_000_000 + random(100_000) / 10,
    severity: 1 + random(24),
  }
}

describe('a block', () => {
  test('gives back every record, whole or row by row', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = openRandom(seed)
      const batches: RecordBatch[] = []
      for (let run = 1, from = 0; run <= 1 + (seed % 3); run++) {
        const rows = Array.from({ length: 1 + random(seed * 8) }, () => randomRow(random))
        batches.push(batchOf(rows, from, run))
        from += 2 * rows.length
      }
      const expected = recordsIn(batches)
      const { block } = blockOf(batches)
      assert.deepEqual(recordsIn(block.batches()), expected, `seed ${seed}`)
      const rows = Uint32Array.from(expected.keys()).filter(() => random(3) === 0)
      assert.deepEqual(
        recordsIn(block.batches(rows)),
        [...rows].map((row) => expected[row]),
        `rows of seed ${seed}`,
      )
    }
  })

  test('finds all rows that contain a text, wherever it lies', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = openRandom(seed)
      const rows = Array.from({ length: 300 }, () => randomRow(random))
      const { block } = blockOf([batchOf(rows)])
      for (let asked = 0; asked < 40; asked++) {
        const { message, extras } = rows[random(rows.length)]!
        const from = random(Math.max(1, message.length))
        const texts = [message, ...Object.values(extras?.fields ?? {}).map(String), extras?.logger ?? '']
        const text = stripAnsi(texts[random(texts.length)]!)
        const needle = text
          .slice(from % Math.max(1, text.length))
          .slice(0, 1 + random(24))
          .toLowerCase()
        if (needle === '') continue
        const found = block.findRows({ words: [needle] })
        const surely = block.findWords([needle])?.sure
        const words = soughtWords({ words: [needle] })
        rows.forEach((row, index) => {
          const holds = (value: unknown): boolean =>
            typeof value === 'object' && value !== null
              ? Object.values(value).some(holds)
              : stripAnsi(String(value)).toLowerCase().includes(needle)
          if (!holds(row.message) && !holds(row.extras ?? {})) {
            assert.ok(
              !surely?.includes(index),
              `seed ${seed}: ${JSON.stringify(needle)} is not in ${JSON.stringify(row)}`,
            )
            return
          }
          assert.ok(
            !found || found.includes(index),
            `seed ${seed}: ${JSON.stringify(needle)} is in ${JSON.stringify(row)}`,
          )
          assert.ok(
            block.mayContain(words),
            `seed ${seed}: the filter denies ${JSON.stringify(needle)} in ${JSON.stringify(row)}`,
          )
        })
      }
    }
  })

  test('leaves out most rows that do not contain a text, and is left alone where no row does', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({
      message: `request ${i} of user-${i % 7} took ${i % 90} ms`,
      extras: {
        fields: { request: (0x9e3779b1 * (i + 1)).toString(16).padStart(16, '0'), zone: i % 2 ? 'east' : 'west' },
      },
    }))
    const { block } = blockOf([batchOf(rows)])
    assert.deepEqual([...block.findRows({ words: ['request 4321 of'] })!], [4321])
    assert.ok(block.findRows({ words: ['of user-6 took 89'] })!.length < 800)
    assert.deepEqual(
      [...block.findRows({ words: ['east', 'user-3'] })!].length,
      rows.filter((_, i) => i % 2 && i % 7 === 3).length,
    )
    assert.equal(block.findRows({ words: ['nowhere'] })!.length, 0)
    assert.equal(block.findRows({ words: ['request'] })!.length, rows.length)
    const there = rows[17]!.extras.fields.request
    assert.ok(block.mayContain(soughtWords({ words: [there] })))
    let wrong = 0
    for (let i = 0; i < 1000; i++)
      if (block.mayContain(soughtWords({ words: [(0x85ebca6b * (i + 7)).toString(16).padStart(16, 'e')] }))) wrong++
    assert.ok(wrong < 60, `the filter let ${wrong} of 1000 through`)
  })

  test('finds a text that can lie in too many ways across a template', () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      message: Array.from({ length: 40 }, (_, at) => (i + at) % 10).join(' '),
    }))
    const { block } = blockOf([batchOf(rows)])
    const needle = '1 2 3 4 5 6 7 8 9 0 1 2'
    const wanted = rows.flatMap(({ message }, row) => (message.includes(needle) ? [row] : []))
    assert.ok(wanted.length > 0)
    assert.deepEqual(
      wanted.filter((row) => !block.findRows({ words: [needle] })!.includes(row)),
      [],
    )
  })

  test('narrows by fields, and leaves out nothing that the predicate wants', () => {
    const queries = [
      'ms>=50',
      'ms:3..40',
      'ms<=12.5',
      'has:ms',
      'has:path',
      'ok:true',
      'text:line*',
      'has:nested.b',
      'a>3',
      'user<9',
      'ms>=50 OR ms<3',
      '-ms>=50',
      'has:fields',
    ]
    for (let seed = 1; seed <= 20; seed++) {
      const random = openRandom(seed)
      const batch = batchOf(Array.from({ length: 300 }, () => randomRow(random)))
      const { block } = blockOf([batch])
      for (const query of queries) {
        const parsed = parseQuery(query)
        const wanted = [...matchRows(batch, compileQuery(parsed))]
        const found = block.findRows(planQuery(parsed)) ?? Uint32Array.from({ length: 300 }, (_, row) => row)
        assert.deepEqual(
          wanted.filter((row) => !found.includes(row)),
          [],
          `seed ${seed}: ${query}`,
        )
      }
    }
  })

  test('words that colours take apart are found, also in blocks of older versions, whose filters do not know them', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `${i} time\x1b[1mout\x1b[0m of the shop`)
    const plain = blockOf([batchOf(lines.map((line) => ({ message: stripAnsi(line) })))])
    const coloured = blockOf([batchOf(lines.map((message) => ({ message })))])
    const inFields = blockOf([
      batchOf(lines.map((line) => ({ message: '', extras: { fields: { line, more: [line] } } }))),
    ])
    const words = { words: ['timeout'] }
    const sought = soughtWords(words)
    for (const { header, block, payload } of [coloured, inFields, plain]) {
      assert.ok(block.mayContain(sought))
      const { colours, ...older } = header
      const isColoured = colours!.messages || colours!.extras
      assert.equal(isColoured, block !== plain.block)
      // A filter that has no words at all, in front of the same columns.
      const old = openBlock(older, readOf(payload), { grams: new Uint8Array(gramsBytes) })
      assert.equal(old.mayContain(sought), isColoured)
      assert.equal((old.findRows(words) ?? lines).length, lines.length)
      assert.ok(!block.mayContain(soughtWords({ words: ['timeouts'] })))
    }
    assert.ok(gramsOf('timeout').length > 0)
    assert.equal(coloured.block.findWords(['timeout'])!.sure.length, lines.length)
    assert.equal(coloured.block.findWords(['0m'])!.sure.length, 0)
  })

  test('counts values and templates as the records would', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = openRandom(seed)
      const rows = Array.from({ length: 200 }, () => randomRow(random))
      const { block } = blockOf([batchOf(rows)])
      const tally = (values: (string | undefined)[]): Map<string, number> => {
        const counts = new Map<string, number>()
        for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
        return counts
      }
      for (const name of ['logger', 'ms', 'path', 'ok', 'none']) {
        const known = block.countValues(name)!
        const values = rows.map(({ extras }) => (name === 'logger' ? extras?.logger : extras?.fields?.[name]))
        assert.deepEqual(
          new Map(known.values),
          tally(values.map((value) => (value === undefined ? value : stripAnsi(String(value))))),
          `seed ${seed}: ${name}`,
        )
        assert.equal(known.missing, values.filter((value) => value === undefined).length)
      }
      assert.equal(block.countValues('nested'), undefined, 'an object has no single value')
      const templates = new Map<string, number>()
      for (const { template, count } of block.countTemplates())
        templates.set(template, (templates.get(template) ?? 0) + count)
      assert.deepEqual(templates, tally(rows.map(({ message }) => templateOf(message))), `seed ${seed}`)
    }
  })

  test('narrows by level, time and stream', () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({
      message: `n ${i}`,
      severity: i % 10 === 0 ? 17 : 9,
      time: 1000 + i,
    }))
    const { block } = blockOf([batchOf(rows)])
    assert.deepEqual([...block.findRows({ severityFrom: 17, timeFrom: 1050 })!], [50, 60, 70, 80, 90])
    assert.equal(block.findRows({ streams: ['stderr'] })!.length, 50)
    assert.equal(block.findRows({}), undefined)
    const numbered = blockOf([batchOf(rows.map((row, i) => ({ ...row, extras: { fields: { ms: i / 2 } } })))]).block
    assert.deepEqual([...numbered.findRows({ numbers: [{ key: 'ms', from: 2, to: 3.5 }] })!], [4, 5, 6, 7])
    assert.equal(numbered.findRows({ fields: [['other']] })!.length, 0)
  })

  test('counts per minute and severity', () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({
      message: '',
      severity: i % 4 === 0 ? 17 : 9,
      time: i < 200 ? 59_999.5 : 60_000,
    }))
    assert.deepEqual(blockOf([batchOf(rows)]).block.minuteCounts(), [
      { minute: 0, severity: 9, count: 150 },
      { minute: 0, severity: 17, count: 50 },
      { minute: 60_000, severity: 9, count: 150 },
      { minute: 60_000, severity: 17, count: 50 },
    ])
  })
})
