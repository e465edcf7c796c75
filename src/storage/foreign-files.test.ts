import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openTail } from '../tail/tail.ts'
import { findCopy, foreignFilesOf, foreignKey, isCopy, mayBeCopy } from './foreign-files.ts'

test('a copy is found beside its original, and what cannot be read there is none', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-foreign-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'app.log')
  writeFileSync(path, 'one\ntwo\n')
  const { dev: device, ino: inode } = statSync(path)
  const tail = openTail({ path, identity: { device, inode } })
  tail.read()
  const before = tail.cursor()
  tail.close()
  symlinkSync('nowhere', `${path}.0`)
  mkdirSync(`${path}.dir`)
  writeFileSync(`${path}.1`, 'one\nother\n')
  assert.equal(findCopy(path, before), undefined)
  writeFileSync(`${path}.2`, 'one\ntwo\nthree\n')
  const found = findCopy(path, before)
  assert.equal(found?.path, `${path}.2`)
  assert.deepEqual(found?.cursor, { ...before, inode: found?.inode })
  assert.equal(isCopy(`${path}.2`, { device, inode: found!.inode }, before), true)
  assert.equal(isCopy(path, { device, inode }, before), false, 'nothing is a copy of itself')
  rmSync(directory, { recursive: true })
  assert.equal(findCopy(path, before), undefined, 'nor is anything where the directory is gone')
})

test('names under which places are remembered', () => {
  const file = { device: 3, inode: 5 }
  const keys = [foreignKey('a', 1, file), foreignKey('a', 2, file), 'a/1/stdout', foreignKey('a/1', 1, file)]
  assert.deepEqual(foreignFilesOf('a', 1, keys), [file])
  assert.deepEqual(
    ['/l/app.log.1', '/l/app.log', '/l/app.log.d/x', '/l/other'].map((path) => mayBeCopy(path, '/l/app.log')),
    [true, false, false, false],
  )
})
