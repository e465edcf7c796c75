// Who an agent is, on disks as they are and on one that is full.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { nodeDisk } from '../system/disk.ts'
import { openIdentity } from './identity.ts'

function directoryOf(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-identity-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return directory
}

test('an id is made once, a word is kept, and each start is a life', (t) => {
  const directory = directoryOf(t)
  const first = openIdentity(directory)
  first.keepLease('1.x')
  const second = openIdentity(directory)
  assert.deepEqual([second.id(), second.lease()], [first.id(), '1.x'])
  assert.notEqual(second.life, first.life)
})

test('a word that cannot be kept is not taken: the one before it holds', (t) => {
  const directory = directoryOf(t)
  const full = { isFull: false, synced: 0 }
  const identity = openIdentity(directory, {
    ...nodeDisk,
    write(...words) {
      if (full.isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
      return nodeDisk.write(...words)
    },
    syncDirectory: () => void full.synced++,
  })
  identity.keepLease('1.x')
  assert.equal(full.synced, 2)
  full.isFull = true
  assert.throws(() => identity.keepLease('2.y'), { code: 'ENOSPC' })
  assert.equal(identity.lease(), '1.x')
  assert.equal(openIdentity(directory).lease(), '1.x')
})

test('what is damaged is made anew, what cannot be read is not', (t) => {
  const directory = directoryOf(t)
  const path = join(directory, 'agent.json')
  for (const text of ['', '{"id":', '{}', 'null']) {
    writeFileSync(path, text)
    const { id } = openIdentity(directory)
    assert.equal(openIdentity(directory).id(), id(), text)
  }
  rmSync(path)
  mkdirSync(path)
  assert.throws(() => openIdentity(directory), { code: 'state-unusable' })
})

test('an agent that has lost what it captured is one of its own from then on', (t) => {
  const directory = directoryOf(t)
  const first = openIdentity(directory)
  assert.equal(first.begin(), false)
  first.keepLease('4.x')
  const second = openIdentity(directory)
  assert.equal(second.begin(), true)
  assert.notEqual(second.id(), first.id())
  assert.deepEqual(Object.keys(JSON.parse(readFileSync(join(directory, 'agent.json'), 'utf8')) as object), ['id'])
  assert.equal(second.lease(), undefined)
})
