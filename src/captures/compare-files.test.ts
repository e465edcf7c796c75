import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openTail } from '../tail/tail.ts'
import { findCopies, placeKey, holds, mayBeCopy } from './compare-files.ts'
import { rememberedFiles, seenKey } from './remembered-places.ts'

test('a copy is found beside its original, and what cannot be read there is none', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-compare-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'app.log')
  const text = 'one\ntwo\n'.repeat(200)
  writeFileSync(path, text)
  const { dev: device, ino: inode } = statSync(path)
  const tail = openTail({ path, identity: { device, inode } })
  tail.read()
  const before = tail.cursor()
  tail.close()
  const copies = (): string[] => findCopies({ path, device, inode }, path, before).copies.map((copy) => copy.path)
  symlinkSync('nowhere', `${path}.0`)
  mkdirSync(`${path}.dir`)
  writeFileSync(`${path}.1`, `${text.slice(0, -5)}\nother\n`)
  assert.deepEqual(copies(), [])
  writeFileSync(`${path}.2`, `${text}three\n`)
  assert.deepEqual(copies(), [`${path}.2`], 'nothing is a copy of itself')
  writeFileSync(`${path}.3`, text.slice(0, -1))
  assert.deepEqual(
    ['', '.1', '.2', '.3'].map((end) => holds(path + end, before)),
    ['all', false, 'all', 'part'],
  )
  rmSync(directory, { recursive: true })
  assert.deepEqual(copies(), [], 'nor is anything where the directory is gone')
})

test('names under which places are remembered', () => {
  const file = { device: 3, inode: 5 }
  const keys = [placeKey('a', 1, file), placeKey('a', 2, file), 'a/1/stdout', placeKey('a/1', 1, file)]
  const cursors = new Map(keys.map((key) => [key, { offset: 1, modified: 7 }]))
  cursors.set(seenKey('a', 1), { offset: 0, modified: 0, at: 9 } as never)
  assert.deepEqual(rememberedFiles('a', 1, cursors), { files: [{ ...file, modifiedAt: 7 }], seenAt: 9 })
  assert.deepEqual(
    ['/l/app.log.1', '/l/app.log', '/l/app.log.d/x', '/l/other'].map((path) => mayBeCopy(path, '/l/app.log')),
    [true, false, false, false],
  )
})
