// Who may speak for a host: a table.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkLease } from './check-lease.ts'

const known = [{ name: 'web-1', agent: 'a', lease: '4.x', offered: '5.y' }]
const hello = { host: 'web-1', agent: 'a', life: 'now', lease: '4.x' }

const cases: Record<string, [Partial<typeof hello>, string | undefined, string | undefined]> = {
  'the word it kept': [{}, undefined, undefined],
  'the word it was offered, whose receipt was lost': [{ lease: '5.y' }, undefined, undefined],
  'an old word': [{ lease: '3.w' }, undefined, 'agent-copied'],
  'an old word under another name': [{ lease: '3.w', host: 'web-2' }, undefined, 'agent-copied'],
  'another agent in its place': [{ agent: 'b', lease: '1.z' }, undefined, undefined],
  'another agent while it is there': [{ agent: 'b' }, 'life', 'agent-in-use'],
  'a copy while it is there': [{}, 'life', 'agent-in-use'],
  'the same before anybody noticed that it went': [{}, 'now', undefined],
}

for (const [name, [given, connectedLife, wanted]] of Object.entries(cases))
  test(name, () => assert.equal(checkLease({ ...hello, ...given }, known, connectedLife)?.code, wanted))

test('an agent without a word is a copy of one that has a word, but not of one that was killed before it had', () => {
  const { lease: _lease, ...silent } = hello
  assert.equal(checkLease(silent, known)?.code, 'agent-copied')
  assert.equal(checkLease(silent, [{ name: 'web-1', agent: 'a', offered: '1.y' }]), undefined)
  assert.equal(checkLease(silent, []), undefined)
})
