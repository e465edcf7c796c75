// logfmt: values of all kinds, and lines that are not wholly of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordOf } from './stages-harness.ts'

test('values: texts, numbers that read the same, escapes, nothing, and keys twice', () => {
  const line = String.raw`level=info msg="a \"b\"\n\u00e9 é" n=7 version=1.10 id=007 big=12345678901234567890 ok=true empty= quoted="" k=1 k=2 a.b-c/d=é`
  const { message, fields, severity } = recordOf(line)
  assert.equal(message, 'a "b"\né é')
  assert.equal(severity, 9)
  assert.deepEqual(fields, {
    n: 7,
    version: '1.10',
    id: '007',
    big: '12345678901234567890',
    ok: true,
    empty: '',
    quoted: '',
    k: [1, 2],
    'a.b-c/d': 'é',
  })
})

test('without a message the text stays, with time and level as fields and more', () => {
  const line = 'ts=2025-10-19T05:55:47.606Z level=warn order=7'
  const { message, time, severity, fields } = recordOf(line)
  assert.deepEqual([message, time, severity, fields], [line, Date.UTC(2025, 9, 19, 5, 55, 47, 606), 13, { order: 7 }])
})

test('what is not wholly logfmt, or says nothing, is text', () => {
  const lines = [
    'a=1',
    'level=error msg=no stock here',
    'x=1 y=2 z',
    'level=error msg="no end',
    String.raw`level=error msg="bad \q escape"`,
    '__proto__=1 msg=x',
    'msg=x time=2125-01-01T00:00:00Z',
    '=x msg=y',
    `msg=${'x'.repeat(20_000)}`,
  ]
  for (const line of lines) {
    const { message, fields } = recordOf(line)
    assert.deepEqual([message, fields], [line, undefined])
  }
})
