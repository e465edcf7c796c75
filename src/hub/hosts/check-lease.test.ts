// Who may speak for a host: a table.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkLease, wordAfter, type Speaker } from './check-lease.ts'

const known = [{ agent: 'a', lease: '4.x', offered: '5.y' }]
const hello = { host: 'web-1', agent: 'a', life: 'now', lease: '4.x' }

const speaker = (more: Partial<Speaker> = {}): Speaker => ({ name: 'web-1', agent: 'a', life: 'now', ...more })

const cases: Record<string, [Partial<typeof hello>, Speaker | undefined, string | undefined]> = {
  'the word it kept': [{}, undefined, undefined],
  'the word it was offered, whose receipt was lost': [{ lease: '5.y' }, undefined, undefined],
  'an old word': [{ lease: '3.w' }, undefined, 'agent-copied'],
  'an old word under another name': [{ lease: '3.w', host: 'web-2' }, undefined, 'agent-copied'],
  'another agent in its place': [{ agent: 'b', lease: '1.z' }, undefined, undefined],
  'another agent while it is there': [{ agent: 'b' }, speaker(), 'agent-in-use'],
  'a copy while it is there': [{}, speaker({ life: 'other' }), 'agent-in-use'],
  'the same before anybody noticed that it went': [{}, speaker(), undefined],
  'a copy under another name while it is there': [{ host: 'web-2' }, speaker({ life: 'other' }), 'agent-in-use'],
  'two names of one life': [{ host: 'web-2' }, speaker(), 'agent-in-use'],
  'another name, while another host is there': [
    { host: 'web-2' },
    speaker({ name: 'web-3', agent: 'c', life: 'other' }),
    undefined,
  ],
  'a word that the hub has given and forgotten': [{ lease: '12.q' }, undefined, undefined],
  'a word that the hub has given to another': [{ lease: '5.q' }, undefined, 'agent-copied'],
}

for (const [name, [given, there, wanted]] of Object.entries(cases))
  test(name, () => assert.equal(checkLease({ ...hello, ...given }, known, there && [there])?.code, wanted))

test('an agent without a word is a copy of one that has a word, but not of one that was killed before it had', () => {
  const { lease: _lease, ...silent } = hello
  assert.equal(checkLease(silent, known)?.code, 'agent-copied')
  assert.equal(checkLease(silent, [{ agent: 'a', offered: '1.y' }]), undefined)
  assert.equal(checkLease(silent, []), undefined)
})

test('one identity that was known under two names has the newer word', () => {
  const names = [
    { agent: 'a', lease: '2.a' },
    { agent: 'a', lease: '7.b', offered: '8.c' },
  ]
  assert.equal(checkLease({ ...hello, lease: '8.c' }, names), undefined)
  assert.equal(checkLease({ ...hello, lease: '6.d' }, names)?.code, 'agent-copied')
})

test('the next word has the next number', () => {
  assert.match(wordAfter(), /^1\.[0-9a-f-]{36}$/)
  assert.match(wordAfter('41.x'), /^42\./)
})
