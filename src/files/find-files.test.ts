import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { findFiles, namedDirectories, type FoundFile } from './find-files.ts'

function tree(t: TestContext, names: readonly string[]): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-find-'))
  t.after(() => rmSync(directory, { recursive: true }))
  for (const name of names) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true })
    writeFileSync(path.join(directory, name), '')
  }
  return directory
}

const options = { exclude: [] as string[], allow: [] as string[], compressed: false }

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
    archives: [],
    refused: [],
  })
})

test('compressed files, found and rotated, when they are wanted; not beside what is in them', async (t) => {
  const names = [
    'app.log',
    'app.log.1',
    'app.log.1.gz',
    'app.log.2.gz',
    'app.log.3.zst',
    'app.log.4.tar.gz',
    'other.gz',
  ]
  const base = tree(t, names)
  const longAgo = new Date(Date.now() - 60_000)
  for (const name of names) utimesSync(path.join(base, name), longAgo, longAgo)
  writeFileSync(path.join(base, 'app.log.5.gz'), 'being made')
  const { files, rotated, archives } = await findFiles({ ...options, compressed: true, paths: ['app.log', 'o*'] }, base)
  const of = (found: FoundFile[]): string[] =>
    found.map((file) => path.basename(file.path) + (file.isUnfinished ? ', unfinished' : '')).sort()
  assert.deepEqual(of(files), ['app.log'])
  assert.deepEqual(of(rotated), ['app.log.1'])
  assert.deepEqual(of(archives), [
    'app.log.1.gz, unfinished',
    'app.log.2.gz',
    'app.log.3.zst',
    'app.log.5.gz, unfinished',
    'other.gz',
  ])
  assert.equal(archives.find((file) => file.path.endsWith('3.zst'))?.original?.path, path.join(base, 'app.log'))
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
