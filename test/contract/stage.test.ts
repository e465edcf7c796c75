// What every stage must keep to, tried on each with records of every kind.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { recordAt, type RecordBatch } from '../../src/contracts/batch.ts'
import { batchOf, storedBatch } from '../../src/query/batch-harness.ts'
import { kinds, streams, type LogRecord } from '../../src/contracts/record.ts'
import { stageTypes } from '../../src/stages/index.ts'
import { splitLines } from '../../src/tail/split-lines.ts'

let seed = 5
const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
const pick = <T>(from: readonly T[]): T => from[next(from.length)]!

const messages = [
  '',
  ' ',
  'ready',
  'ERROR refused',
  '2025-10-19 05:55:47.606 [7] [INFO] x',
  '{"level":"warn","msg":"slow","password":"hunter2"}',
  '{"broken',
  'level=debug msg="a b" token=abcdef',
  'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: no',
  '-----BEGIN PRIVATE KEY-----',
  'Oct 19 05:55:47 host app[7]: hello',
  '10.0.0.1 - - [19/Oct/2025:05:55:47 +0000] "GET / HTTP/1.1" 500 1 "-" "-"',
  '\u0000\u001b[31m\ufffd📸 中文',
  'x'.repeat(5000),
]
const fields = [undefined, {}, { token: 'abcdef' }, { 'logboom.fragment': 1 }, { deep: { list: [1, 'a', null] } }]

function randomRecord(): Partial<LogRecord> {
  const own = pick(fields)
  return {
    message: pick(messages),
    severity: pick([0, 0, 1, 9, 24]),
    kind: pick(kinds),
    stream: pick(streams),
    ...(own ? { fields: own } : {}),
    ...(next(4) === 0 ? { logger: 'a.b' } : {}),
  }
}

const rows = (batch: RecordBatch): LogRecord[] => Array.from({ length: batch.count }, (_, row) => recordAt(batch, row))
const optionsOf: Record<string, object> = {
  drop: { rules: [{ query: 'ready' }, { query: 'level:error', keepOneOf: 2 }] },
}

for (const type of stageTypes) {
  const open = (memory?: string) => type.open(type.options(z).parse(optionsOf[type.name] ?? {}), memory)

  test(`${type.name}: {} gives its defaults, and what it does not know is refused`, () => {
    assert.equal(type.options(z).safeParse({}).success, true)
    assert.equal(type.options(z).safeParse({ unheardOf: 1 }).success, false)
  })

  test(`${type.name}: rows stay in order, what they are remains, and the batch can be stored`, () => {
    const stage = open()
    for (let round = 0; round < 300; round++) {
      const records = Array.from({ length: next(8) + 1 }, randomRecord)
      const given = round % 2 ? batchOf(records) : storedBatch(batchOf(records))
      const before = rows(given)
      const after = stage.apply(given)
      const stored = after.count === 0 ? [] : rows(storedBatch(after))
      assert.deepEqual(
        rows(after).map(({ message, fields: own }) => [message, own]),
        stored.map(({ message, fields: own }) => [message, own]),
      )
      const left = new Map(before.map((record) => [record.seq, record]))
      let last = 0
      for (const record of stored) {
        assert.ok(record.seq > last, 'in order, none twice, none new')
        last = record.seq
        const own = left.get(record.seq)!
        assert.deepEqual(
          [record.source, record.run, record.stream, record.observed, record.session],
          [own.source, own.run, own.stream, own.observed, own.session],
        )
        left.delete(record.seq)
      }
      for (const { kind, seq } of left.values()) assert.equal(kind, 'system', `record ${seq} must not be left out`)
    }
  })

  test(`${type.name}: what it remembers, another one goes on with`, () => {
    const lines = Array.from({ length: 200 }, () => ({ message: pick(messages), severity: 0 }))
    const whole = open()
    const expected = lines.map((line) => rows(whole.apply(batchOf([line]))).map(({ message }) => message))
    let memory: string | undefined
    const actual = lines.map((line) => {
      const stage = open(memory)
      const [shaped] = [rows(stage.apply(batchOf([line])))]
      memory = stage.memory?.()
      return shaped.map(({ message }) => message)
    })
    // A sample begins anew.
    if (type.name !== 'drop') assert.deepEqual(actual, expected)
  })

  if (open().join)
    test(`${type.name}: joined lines are all lines, in order`, () => {
      for (let round = 0; round < 300; round++) {
        const text = Buffer.from(Array.from({ length: next(9) }, () => `${pick(messages)}\n`).join(''))
        const lines = { text, ...splitLines(text, text.length) }
        const mayHold = round % 2 === 0
        const { start, end, held } = open().join!(lines, mayHold)
        assert.ok(mayHold || held === 0)
        const taken = lines.start.length - held
        assert.deepEqual(
          [start[0], end.at(-1)],
          [taken ? lines.start[0] : undefined, taken ? lines.end[taken - 1] : undefined],
        )
        for (let row = 1; row < start.length; row++)
          assert.match(text.toString('latin1', end[row - 1], start[row]), /^\r?\n$/)
      }
    })
}
