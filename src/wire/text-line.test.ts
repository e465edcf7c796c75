import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatFields } from './text-line.ts'

test('fields are one line of logfmt whatever is in them', () => {
  assert.equal(
    formatFields({ a: 1, b: null, c: undefined, d: '', e: 'x=y', 'f g': 'h\ni', j: { k: [1] }, l: 'plain' }),
    String.raw` a=1 b=null d="" e="x=y" f_g="h\ni" j="{\"k\":[1]}" l=plain`,
  )
})
