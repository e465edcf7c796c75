import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { journaldSource } from './journald.ts'

const schema = journaldSource.options(z)

test('nothing need be said, and one of a kind needs no list', () => {
  assert.deepEqual(schema.parse({}), { units: [], matches: [], start: 'end', fields: [] })
  assert.deepEqual(schema.parse({ units: 'ssh', matches: '_TRANSPORT=kernel', priority: 'err' }), {
    units: ['ssh'],
    matches: ['_TRANSPORT=kernel'],
    priority: 'err',
    start: 'end',
    fields: [],
  })
})

test('what journalctl would take for something else is refused', () => {
  const wrong = [
    { matches: ['--flush'] },
    { matches: 'kernel' },
    { priority: 'loud' },
    { fields: 'a,b' },
    { unit: 'ssh' },
  ]
  for (const written of [...wrong, { units: [''] }, { start: 'now' }])
    assert.equal(schema.safeParse(written).success, false)
})
