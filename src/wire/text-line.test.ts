import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatConsoleLine, formatFields, formatFileLine } from './text-line.ts'

test('lines for files and consoles', () => {
  const record = {
    time: Date.UTC(2025, 9, 19, 5, 55, 47, 606),
    severity: 9,
    kind: 'system',
    message: 'message',
  } as const
  assert.equal(formatFileLine(record, 4157, { utc: true }), '2025-10-19 05:55:47.606 [4157] [INFO] message')
  assert.equal(formatConsoleLine(record, 4157, { utc: true }), '[05:55:47] [4157] [INFO] message')
  assert.equal(
    formatFileLine({ ...record, kind: 'gap', severity: 13, fields: { n: 1 } }, 1, { utc: true }),
    '2025-10-19 05:55:47.606 [1] [WARNING] [gap] message',
  )
  assert.match(formatFileLine({ ...record, fields: { n: 1 } }, 1), / message n=1$/)
})

test('fields are one line of logfmt whatever is in them', () => {
  assert.equal(
    formatFields({ a: 1, b: null, c: undefined, d: '', e: 'x=y', 'f g': 'h\ni', j: { k: [1] }, l: 'plain' }),
    String.raw` a=1 b=null d="" e="x=y" f_g="h\ni" j="{\"k\":[1]}" l=plain`,
  )
})
