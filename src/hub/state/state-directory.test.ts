import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openCatalogue } from '../catalogue.ts'
import { makeStateDirectory } from './state-directory.ts'

const modeOf = (path: string): number => statSync(path).mode & 0o777

test('a new one is private and kept out of version control', (t) => {
  const parent = mkdtempSync(join(tmpdir(), 'logboom-state-'))
  t.after(() => rmSync(parent, { recursive: true }))
  const directory = join(parent, 'a', '.logboom')
  makeStateDirectory(directory)
  assert.equal(modeOf(directory), 0o700)
  assert.equal(modeOf(join(directory, 'capture')), 0o700)
  assert.ok(existsSync(join(directory, '.gitignore')))
})

test("somebody's own directory stays as it is", (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-state-'))
  t.after(() => rmSync(directory, { recursive: true }))
  chmodSync(directory, 0o755)
  makeStateDirectory(directory)
  assert.equal(modeOf(directory), 0o755)
  assert.equal(modeOf(join(directory, 'capture')), 0o700)
  assert.equal(existsSync(join(directory, '.gitignore')), false)
  openCatalogue(join(directory, 'catalogue.db')).close()
  assert.equal(modeOf(join(directory, 'catalogue.db')), 0o600)
})
