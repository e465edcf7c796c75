import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FoundFile } from './find-files.ts'
import { unreadFiles } from './unread-files.ts'

const file = (name: string, inode: number, modifiedAt: number, original?: string): FoundFile => ({
  path: `/l/${name}`,
  realPath: `/l/${name}`,
  device: 1,
  inode,
  size: 5,
  modifiedAt,
  ...(original ? { original: { path: `/l/${original}`, device: 1, inode: 0 } } : {}),
})
const found = [
  file('a.log', 1, 100),
  file('a.log.1', 2, 90, 'a.log'),
  file('a.log.2', 3, 40, 'a.log'),
  file('b.log', 4, 20),
  file('b.log.1', 5, 60, 'b.log'),
  file('b.log.2', 6, 15, 'b.log'),
  file('c.log.1', 7, 80, 'c.log'),
]
const names = (isUnread: (each: FoundFile) => boolean): string[] =>
  found.filter(isUnread).map(({ path }) => path.slice(3))

test('what is rotated is unseen when it is younger than what was read of its name, or than the last look', () => {
  const a = { device: 1, inode: 1, modifiedAt: 50 }
  const b = { device: 1, inode: 4, modifiedAt: 20 }
  assert.deepEqual(names(unreadFiles({ files: [a, b] }, found)), ['a.log', 'a.log.1', 'b.log', 'b.log.1'])
  assert.deepEqual(names(unreadFiles({ files: [a, b], seenAt: 70 }, found)), [
    'a.log',
    'a.log.1',
    'b.log',
    'b.log.1',
    'c.log.1',
  ])
  const passed = { device: 1, inode: 3, isPassed: true }
  assert.deepEqual(names(unreadFiles({ files: [passed], seenAt: 95 }, found)), ['a.log', 'a.log.2', 'b.log'])
  assert.deepEqual(names(unreadFiles({ files: [] }, found)), [], 'nobody has ever looked')
})
