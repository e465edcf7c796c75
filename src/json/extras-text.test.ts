import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordExtras } from '../contracts/batch.ts'
import { openExtrasText } from './extras-text.ts'
import { formatFields } from '../wire/text-line.ts'

/** `sure`: -1 is no answer. */
function check(all: readonly RecordExtras[], sure: boolean): void {
  const jsons = all.map((extras) => Buffer.from(JSON.stringify(extras)))
  // Something before and behind, as in a column.
  const bytes = new Uint8Array(Buffer.concat([Buffer.from('}"'), ...jsons, Buffer.from('{"')]))
  const end = new Uint32Array(all.length)
  const start = new Uint32Array(all.length)
  jsons.reduce((at, json, i) => {
    start[i] = at
    return (end[i] = at + json.length)
  }, 2)
  const text = openExtrasText()
  text.begin({ bytes, start, end })
  const target = new Uint8Array(10_000)
  all.forEach((extras, i) => {
    assert.equal(text.logger(i), extras.logger)
    const to = text.copyFields(i, target, 3)
    if (to < 0 && !sure) return
    assert.ok(to >= 3 && to - 3 <= text.mostFieldBytes(i), `${JSON.stringify(extras)}: ${to}`)
    assert.equal(Buffer.from(target.subarray(3, to)).toString(), formatFields(extras.fields ?? {}))
  })
}

test('what most records have is never left to parsing', () => {
  check(
    [
      { logger: 'a.b', fields: { user: 'Ann Lee', ms: 3.5, ok: true, none: null, empty: '', 'x-y': 'a=b' } },
      { fields: { path: '/a/b?c=d', list: [1, 2], nested: { a: 'b', c: [{ d: 'e f' }] }, umlaut: 'grün' } },
      { traceId: 'ab'.repeat(16), logger: 'later' },
      { fields: { fields: { logger: 'inside' } }, logger: 'behind' },
      { logger: 'quoted "x" \\ é', fields: {} },
      { fields: { last: '}' }, spanId: 'ab' },
    ],
    true,
  )
})

test('whatever is in them: the same as parsing and formatting, or no answer', () => {
  let seed = 7
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
  const letters = [
    'a',
    'Z',
    '7',
    ' ',
    '=',
    '"',
    '\\',
    '{',
    '}',
    ',',
    ':',
    '\n',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u2003',
    'ß',
    '漢',
    '🙂',
    '\ufeff',
  ]
  const word = (): string => Array.from({ length: random(5) }, () => letters[random(letters.length)]).join('')
  const value = (depth: number): unknown => {
    const kind = random(depth > 2 ? 5 : 7)
    if (kind < 3) return word()
    if (kind === 3) return [0, -1.5, 1e21, 123][random(4)]
    if (kind === 4) return [null, true, false][random(3)]
    if (kind === 5) return Array.from({ length: random(3) }, () => value(depth + 1))
    return Object.fromEntries(Array.from({ length: random(3) }, () => [word(), value(depth + 1)]))
  }
  const fields = (): Record<string, unknown> =>
    Object.fromEntries(Array.from({ length: random(4) }, () => [word(), value(0)]))
  check(
    Array.from({ length: 20_000 }, () => {
      const parts: RecordExtras[] = [{ fields: fields() }, { logger: word() }, { traceId: 'ab' }]
      return Object.assign({}, ...parts.slice(random(3)).reverse()) as RecordExtras
    }),
    false,
  )
})
