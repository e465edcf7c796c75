import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { findFiles, namedDirectories } from './find-files.ts'

function tree(t: TestContext, names: readonly string[]): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-find-'))
  t.after(() => rmSync(directory, { recursive: true }))
  for (const name of names) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true })
    writeFileSync(path.join(directory, name), '')
  }
  return directory
}

const options = { exclude: [] as string[], allow: [] as string[] }

test('globs, what they leave out, and what lies rotated beside them', async (t) => {
  const names = [
    'a/app.log',
    'a/app.log.1',
    'a/app.log-20251019',
    'a/app.log.2.gz',
    'a/app.logger',
    'a/b/web.log',
    'a/no.log',
  ]
  const base = tree(t, names)
  const found = await findFiles({ ...options, paths: ['a/**/*.log'], exclude: ['**/no.log'] }, base)
  const of = (files: { path: string }[]): string[] => files.map((file) => path.relative(base, file.path)).sort()
  assert.deepEqual(of(found.files), ['a/app.log', 'a/b/web.log'])
  assert.deepEqual(of(found.rotated), ['a/app.log-20251019', 'a/app.log.1'])
  assert.deepEqual(of((await findFiles({ ...options, paths: ['a/*.gz'] }, base)).files), ['a/app.log.2.gz'])
  assert.deepEqual(await findFiles({ ...options, paths: ['nothing/*.log'] }, base), {
    files: [],
    rotated: [],
    refused: [],
  })
})

test('links are followed within what is named, and no further', async (t) => {
  const base = tree(t, ['logs/app-1.log', 'secret/key.log', 'logs/dir/x'])
  symlinkSync('app-1.log', path.join(base, 'logs/current.log'))
  symlinkSync('../secret/key.log', path.join(base, 'logs/key.log'))
  const paths = ['logs/current.log', 'logs/key.log', 'logs/dir']
  const found = await findFiles({ ...options, paths }, base)
  assert.deepEqual(
    found.files.map(({ realPath }) => path.basename(realPath)),
    ['app-1.log'],
  )
  assert.deepEqual(
    found.refused.map((each) => path.basename(each.path)),
    ['key.log'],
  )
  const allowed = await findFiles({ ...options, paths, allow: ['secret'] }, base)
  assert.equal(allowed.files.length, 2)
})

test('the directories that globs name', () => {
  const paths = ['/var/log/nginx/*.log', '/var/log/nginx/x.log', 'logs/**/app.log', '*.log']
  assert.deepEqual(namedDirectories(paths, '/srv'), ['/var/log/nginx', '/srv/logs', '/srv'])
})
