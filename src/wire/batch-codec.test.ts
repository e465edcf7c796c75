import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordAt, type RecordBatch, type RecordExtras } from '../contracts/batch.ts'
import type { LogRecord } from '../contracts/record.ts'
import { decodeBatch, encodeBatch } from './batch-codec.ts'
import { framePayload } from './frame.ts'
import { jsonExtras } from '../json/json-extras.ts'

/** Numbers from 0 to 1, the same for the same seed. */
function random(seed: number): () => number {
  return () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
}

const texts = ['', 'plain', 'ünï → 📸', 'line\nfeed "quoted" \\ \u001b[31m', 'x'.repeat(500), '\u2028\u0000']
const extrasToChoose: (RecordExtras | undefined)[] = [
  undefined,
  undefined,
  { logger: 'a.b' },
  { fields: {} },
  { fields: { 'key "é"': 'y'.repeat(300), list: [1, null, { deep: true }] }, traceId: 'a'.repeat(32) },
  { fields: JSON.parse('{"__proto__":1}') as Record<string, unknown>, spanId: 'b'.repeat(16) },
]

/** Messages in any order within text of which some is nobody's. */
function randomBatch(next: () => number): RecordBatch {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  const count = Math.floor(next() * 20)
  const rows = Array.from({ length: count }, () => ({ text: Buffer.from(pick(texts)), extras: pick(extrasToChoose) }))
  const waste = (): Buffer => Buffer.alloc(next() < 0.3 ? 100 : 0, 'w')
  const pieces: Buffer[] = []
  const start = new Uint32Array(count)
  const end = new Uint32Array(count)
  let at = 0
  const backwards = next() < 0.3
  for (let n = 0; n < count; n++) {
    const i = backwards ? count - 1 - n : n
    const before = waste()
    pieces.push(before, rows[i]!.text)
    start[i] = at += before.length
    end[i] = at += rows[i]!.text.length
  }
  const constant = next() < 0.5
  const numbers = (): Float64Array => Float64Array.from(rows, () => (constant ? 7 : Math.floor(next() * 1e12) / 8))
  return {
    source: 'web',
    run: 3,
    session: 's',
    pid: 9,
    count,
    text: Buffer.concat(pieces),
    start,
    end,
    id: Float64Array.from(rows, (_, i) => 100 + i),
    seq: Float64Array.from(rows, (_, i) => 5 + i * 2),
    time: numbers(),
    observed: numbers(),
    stream: Uint8Array.from(rows, () => Math.floor(next() * 3)),
    kind: Uint8Array.from(rows, () => Math.floor(next() * 4)),
    severity: Uint8Array.from(rows, () => 1 + Math.floor(next() * 24)),
    extras: (index) => rows[index]!.extras,
  }
}

/** The same, its extras as JSON: end to end, or with other bytes between them and in any order. */
function withJson(batch: RecordBatch, next: () => number): RecordBatch {
  const gap = next() < 0.5 ? 0 : 7
  const order = Array.from({ length: batch.count }, (_, i) => i)
  if (next() < 0.3) order.reverse()
  const start = new Uint32Array(batch.count)
  const end = new Uint32Array(batch.count)
  let json = 'lead'
  for (const i of order) {
    const value = batch.extras(i)
    start[i] = Buffer.byteLength(json)
    json += value ? JSON.stringify(value) : ''
    end[i] = Buffer.byteLength(json)
    json += '-'.repeat(gap)
  }
  return { ...batch, extras: jsonExtras({ bytes: Buffer.from(json), start, end }) }
}

function recordsOf(batch: RecordBatch): LogRecord[] {
  return Array.from({ length: batch.count }, (_, i) => recordAt(batch, i))
}

test('what is encoded is decoded again, whether extras come as objects or as bytes', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const next = random(seed)
    const batch = randomBatch(next)
    const expected = recordsOf(batch)
    const asBytes = withJson(batch, next)
    for (const each of [batch, asBytes]) {
      const frame = encodeBatch(each, { seed })
      assert.deepEqual(recordsOf(decodeBatch(framePayload(frame))), expected, `seed ${seed}`)
    }
    // A frame depends on the records alone, not on the form or the memory that it is made from.
    const dirty = encodeBatch(asBytes, { seed }, (length) => new Uint8Array(length).fill(0xaa))
    assert.deepEqual(dirty, encodeBatch(batch, { seed }), `seed ${seed}`)
  }
})

test('bytes of extras are copied, not parsed', () => {
  const batch = withJson(randomBatch(random(5)), random(6))
  const untouchable = Object.assign(() => assert.fail('an object was made'), { json: batch.extras.json! })
  encodeBatch({ ...batch, extras: untouchable })
})
