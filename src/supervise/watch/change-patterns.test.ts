import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changePatterns } from './change-patterns.ts'

const base = '/home/me/[shop]'
const own = [`${base}/state`]

function wanted(files: string[], ignore: string[], paths: string[]): string[] {
  const { wants } = changePatterns(files, ignore, base, own)
  return paths.filter((path) => wants(path.startsWith('/') ? path : `${base}/${path}`))
}

function entered(files: string[], paths: string[]): string[] {
  const { enters } = changePatterns(files, [], base, own)
  return paths.filter((path) => enters(path.startsWith('/') ? path : `${base}/${path}`))
}

test('all but what others write, what is ours, and what begins with a dot', () => {
  const paths = [
    'a.js',
    'src/a.js',
    'node_modules/x/a.js',
    'src/node_modules/a.js',
    'logs/a',
    'out.log',
    'a.js~',
    '.env',
  ]
  assert.deepEqual(wanted(['**'], [], [...paths, '.git/index', 'state/store/tail', 'stately']), [
    'a.js',
    'src/a.js',
    'stately',
  ])
})

test('a pattern that names what is ignored by default wants it', () => {
  const paths = ['.env', 'logs/a.txt', 'node_modules/x/a.js', 'a.js']
  assert.deepEqual(wanted(['.env', 'logs/*.txt'], [], paths), ['.env', 'logs/a.txt'])
})

test('directories, files beside and elsewhere, and exceptions', () => {
  const paths = [
    'src/a.ts',
    'src/deep/b.ts',
    'src/a.test.ts',
    'src/made/c.ts',
    'other/a.ts',
    '/home/me/lib/x.ts',
    '/etc/app.conf',
  ]
  assert.deepEqual(wanted(['src', '../lib/**', '/etc/app.conf', '!src/made/**'], ['*.test.ts'], paths), [
    'src/a.ts',
    'src/deep/b.ts',
    '/home/me/lib/x.ts',
    '/etc/app.conf',
  ])
  const { roots } = changePatterns(['./src', '../lib/**', '/etc/app.conf'], [], base, own)
  assert.deepEqual(roots, [base, '/home/me/lib', '/etc'])
})

test('only directories that can hold what is wanted are looked at', () => {
  const paths = ['src', 'src/deep', 'src/.cache', 'docs', 'docs/a', 'lib', 'lib/x', 'node_modules']
  assert.deepEqual(entered(['src/**', 'docs/*.md', '*/x/*.c'], paths), ['src', 'src/deep', 'docs', 'lib', 'lib/x'])
  assert.deepEqual(entered(['/etc/app/*.conf'], ['/etc', '/etc/app', '/etc/ssl', 'src']), ['/etc', '/etc/app'])
})
