// Random bodies of JSON lines, as many ways as there are to write them, held against what plain objects give.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatJson } from './format-json.ts'
import { parseJson } from './parse-json.ts'
import { deepestNesting, isWithin, shapeObject } from './customary-keys.ts'
import { WrittenNumber } from './written-number.ts'
import { observed, read, readInParts, rowsOf, type Row } from './ndjson-harness.ts'

/** The same by way of an object, for lines of text. */
function naiveRow(line: string): Row | undefined {
  let object: unknown
  try {
    object = parseJson(line)
  } catch {
    return undefined
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined
  if (!isWithin(object, deepestNesting)) return undefined
  const {
    message: text = line,
    time = observed,
    severity = 0,
    audit,
    ...extras
  } = shapeObject(object as Record<string, unknown>)
  const message = text.toWellFormed()
  const isAudit = audit || extras.logger?.startsWith('audit.') || message.startsWith('[AUDIT]')
  return {
    message,
    time,
    severity: message.startsWith('📸') ? Math.max(9, severity) : severity,
    kind: isAudit ? 'audit' : 'system',
    extras: Object.keys(extras).length > 0 ? parseJson(formatJson(extras)) : undefined,
  }
}

function naive(body: string): { rows: Row[]; malformed: number } {
  const found: Row[] = []
  let malformed = 0
  for (const whole of body.split('\n')) {
    const line = whole.replace(/^[ \t\r]+/, '').replace(/[\0- ]+$/, '')
    if (line === '') continue
    const row = naiveRow(line)
    if (!row) malformed++
    found.push(
      row ?? {
        message: line,
        time: observed,
        severity: 0,
        kind: line.startsWith('[AUDIT]') ? 'audit' : 'system',
        extras: undefined,
      },
    )
  }
  return { rows: found, malformed }
}

/** Numbers from 0 to 1, the same for the same seed. */
function random(seed: number): () => number {
  return () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
}

const keys = (
  'level severity lvl msg message event time timestamp ts @t asctime logger name module trace_id traceId span_id is_audit ' +
  'isAudit a b user.id __proto__ ünï constructor'
).split(' ')
const usualValues: unknown[] = [
  'info',
  'WARN',
  ' error ',
  'nonsense',
  '30',
  30,
  35.5,
  17,
  0,
  100,
  true,
  'true',
  false,
  null,
  '',
  'audit.x',
  '[AUDIT] x',
  '📸 T+1',
  '2025-10-19T05:55:47.606Z',
  '2025-10-19T05:55:47Z',
  '2025-10-19T05:55:47.606123456Z',
  '2025-10-19 05:55:47,606',
  '2025-10-19T05:55:47.6+02:00',
  '2025-13-19T05:55:47Z',
  '2025-10-19T25:55:47Z',
  '2025-10-19T05:5x:47Z',
  '1970-01-01T00:00:00Z',
  '1969-12-31T23:59:59Z',
  1760853347,
  1760853347606,
  1760853347606.25,
  1760853347606123,
  1760853347606123000,
  '1760853347.606',
  'a'.repeat(32),
  'AB'.repeat(16),
  'a'.repeat(16),
  'g'.repeat(32),
  'x'.repeat(300),
  'tab\there "and" \\ more\n',
  'é→😀',
  { a: 1, b: [1, 2, { c: null }] },
  [],
  {},
  [[['deep']]],
  -0,
  1e21,
  1e-7,
  0.1,
  -12.5,
  123456789012345680,
  ...['9007199254740993', '1e400', '12.50', '-0', '1E5', '0.10e-3', '1'.repeat(400), '35.0'].map(
    (text) => new WrittenNumber(text),
  ),
]

/** JSON as others write it. */
function write(value: unknown, next: () => number): string {
  const space = (): string => (next() < 0.1 ? ' \t '.slice(0, 1 + Math.floor(next() * 3)) : '')
  const text = (string: string): string =>
    JSON.stringify(string).replaceAll(/[/a-c\u0080-\uffff]/g, (character) =>
      next() < 0.1
        ? character === '/'
          ? '\\/'
          : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
        : character,
    )
  if (typeof value === 'string') return text(value)
  if (value instanceof WrittenNumber) return value.text
  if (typeof value === 'number' && next() < 0.1) return value.toExponential().replace('e+', next() < 0.5 ? 'E' : 'e+')
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 1e15 && next() < 0.1)
    return `${value}.00`
  if (Array.isArray(value)) return `[${space()}${value.map((each) => write(each, next)).join(`${space()},${space()}`)}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([key, each]) => `${text(key)}${space()}:${space()}${write(each, next)}`)
  return `{${space()}${members.join(`${space()},${space()}`)}${space()}}`
}

function randomLine(next: () => number, shape: string[]): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  if (next() < 0.02) return pick(['', ' ', 'plain', '[1,2]', 'null', '"text"', '{', '{}', '{ }'])
  const members = shape
    .filter(() => next() < 0.95)
    .map((key) => `${write(key, next)}:${next() < 0.05 ? ' ' : ''}${write(pick(usualValues), next)}`)
  if (next() < 0.05) members.push(`${write(pick(keys), next)}:${write(pick(usualValues), next)}`)
  let line = `{${members.join(next() < 0.05 ? ' , ' : ',')}}`
  while (next() < 0.1) {
    const at = Math.floor(next() * line.length)
    line =
      line.slice(0, at) +
      pick(['', '"', '\\', ',', '}', '{', ':', '1', '\u0000', '\t', 'e', 'ü']) +
      line.slice(at + Math.floor(next() * 2))
  }
  return line
}

test('random bodies are read as objects are', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const next = random(seed)
    const shapes = Array.from({ length: 3 }, () =>
      Array.from({ length: 1 + Math.floor(next() * 9) }, () => keys[Math.floor(next() * keys.length)]!),
    )
    const lines = Array.from({ length: 30 }, () => randomLine(next, shapes[Math.floor(next() ** 2 * 3)]!))
    const body = lines.join(next() < 0.2 ? '\r\n' : '\n') + (next() < 0.5 ? '\n' : '')
    // Half a surrogate pair is no text: through bytes, as it comes.
    const expected = naive(Buffer.from(body).toString())
    const { batches, malformed, records } = read(body)
    const actual = rowsOf(batches[0])
    for (const [i, row] of expected.rows.entries()) assert.deepEqual(actual[i], row, `seed ${seed}, row ${i}`)
    assert.deepEqual(
      [malformed, records, actual.length],
      [expected.malformed, expected.rows.length, expected.rows.length],
      `seed ${seed}`,
    )
  }
})

test('a body read in parts of any size has the same records', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const next = random(seed)
    const shape = keys.slice(0, 1 + Math.floor(next() * 6))
    const lines = Array.from({ length: 30 }, () => randomLine(next, shape))
    // Some bytes that are no text.
    const text = Buffer.from(lines.join('\n'))
    for (let i = 0; i < 3; i++) text[Math.floor(next() * text.length)] = 0x80 + Math.floor(next() * 128)
    const list = JSON.stringify(
      Array.from({ length: 30 }, (_, i) => ({ msg: `${i}`, n: usualValues[i] })),
      undefined,
      1,
    )
    const bodies = [
      [text, 'ndjson'],
      [text, 'text'],
      [Buffer.from(list), 'json'],
      [Buffer.from(list.slice(1, -1).replaceAll('},', '}')), 'json'],
    ] as const
    for (const [body, form] of bodies) {
      const whole = read(body, form)
      const parts = readInParts(body, form, () => ({
        mostBytes: 1 + Math.floor(next() * 200),
        mostRecords: 1 + Math.floor(next() * 5),
      }))
      assert.deepEqual(parts.rows, rowsOf(whole.batches[0]), `seed ${seed}, ${form}`)
      assert.deepEqual([parts.records, parts.malformed], [whole.records, whole.malformed], `seed ${seed}, ${form}`)
    }
  }
})
