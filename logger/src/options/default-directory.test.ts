import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { defaultLogDirectory } from './default-directory.ts'

const user = process.getuid!()

function temporary(t: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-default-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

test('a directory that is not there yet, or is one’s own, is taken', (t) => {
  const place = temporary(t)
  assert.equal(defaultLogDirectory('shop', place), path.join(place, 'shop/logs'))
  mkdirSync(path.join(place, 'shop/logs'), { recursive: true, mode: 0o755 })
  assert.equal(defaultLogDirectory('shop', place), path.join(place, 'shop/logs'))
})

test('a link, or a directory that others may write to, is not; nor is another user’s', (t) => {
  const place = temporary(t)
  symlinkSync('/etc', path.join(place, 'linked'))
  assert.equal(defaultLogDirectory('linked', place), path.join(place, `linked-${user}/logs`))
  mkdirSync(path.join(place, 'open'))
  chmodSync(path.join(place, 'open'), 0o777)
  assert.equal(defaultLogDirectory('open', place), path.join(place, `open-${user}/logs`))
  mkdirSync(path.join(place, 'inner/logs'), { recursive: true })
  chmodSync(path.join(place, 'inner/logs'), 0o777)
  assert.equal(defaultLogDirectory('inner', place), undefined)
  if (user !== 0) return
  mkdirSync(path.join(place, 'foreign'), { mode: 0o755 })
  chownSync(path.join(place, 'foreign'), 65534, 65534)
  assert.equal(defaultLogDirectory('foreign', place), path.join(place, 'foreign-0/logs'))
})
