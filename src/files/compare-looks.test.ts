import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupByLog, isStillPassed, nextParting, partGone, readingOrder } from './compare-looks.ts'
import type { FoundFile } from './find-files.ts'

const file = (name: string, inode: number, modifiedAt: number, size = 5): FoundFile => {
  const log = name.replace(/\.\d+$|-\d+$/, '')
  const original = name === log ? {} : { original: { path: `/l/${log}`, device: 1, inode: 0 } }
  return { path: `/l/${name}`, realPath: `/l/${name}`, device: 1, inode, size, modifiedAt, ...original }
}

test('a file that was passed is read again once it was written to, and a new copy is looked at again', () => {
  const passed = { modifiedAt: 100, readBytes: 5, mayHaveRest: false }
  const copy = { ...passed, readBytes: 0, mayHaveRest: true }
  const cases: [expected: boolean, ...Parameters<typeof isStillPassed>][] = [
    [false, undefined, file('a.log.1', 1, 100), 0],
    [true, passed, file('a.log.1', 1, 100), 0],
    [false, passed, file('a.log.1', 1, 200), 0],
    [false, passed, file('a.log.1', 1, 100, 6), 0],
    [false, copy, file('a.log.1', 1, 100), 200],
    [true, copy, file('a.log.1', 1, 100), 20_000],
  ]
  for (const [expected, ...of] of cases) assert.equal(isStillPassed(...of), expected)
})

test('a file that no glob finds is let go when it has been quiet, sooner when another has its name', () => {
  assert.deepEqual(nextParting(undefined, 7, 1000, true), { since: 1000, size: 7 })
  assert.deepEqual(nextParting({ since: 1000, size: 7 }, 7, 2999, true), { since: 1000, size: 7 })
  assert.equal(nextParting({ since: 1000, size: 7 }, 7, 3000, true), 'over')
  assert.deepEqual(nextParting({ since: 1000, size: 7 }, 7, 3000, false), { since: 1000, size: 7 })
  assert.deepEqual(nextParting({ since: 1000, size: 7 }, 8, 3000, true), { since: 3000, size: 8 })
})

test('a log is read from its oldest file on, behind those that are gone and still read', () => {
  const files = [
    file('a.log', 1, 30),
    file('a.log.1', 2, 20),
    file('b.log', 4, 10),
    file('a.log.3', 9, 10),
    file('a.log.2', 3, 10),
    file('b.log-20261130', 6, 5),
    file('b.log-20261129', 5, 5),
  ]
  const logs = groupByLog(files)
  const inodes = (of: readonly { inode: number }[]): number[] => of.map(({ inode }) => inode)
  assert.deepEqual(
    logs.map(inodes).toSorted(([a], [b]) => a! - b!),
    [
      [5, 6, 4],
      [9, 3, 2, 1],
    ],
  )
  const a = logs.find(([first]) => first!.inode === 9)!
  const removed = { device: 1, inode: 8, realPath: '/l/a.log' }
  assert.deepEqual(inodes(readingOrder(a, new Map([['/l/a.log', removed]]))), [8, 9, 3, 2, 1])
  assert.deepEqual(inodes(readingOrder(a, new Map([['/l/a.log', { ...removed, inode: 2 }]]))), [9, 3, 2, 1])
})

test('a file is forgotten when two looks have missed it, one that went before the first look once no archive may have it', () => {
  const known = { identities: new Set(['a', 'b', 'c']), missed: new Set<string>(), goneBefore: new Set<string>() }
  const how = { isFirst: false, mayBeArchived: true }
  const first = partGone(new Set(['a']), known, { ...how, isFirst: true })
  assert.deepEqual(first, { forgotten: [], missed: new Set(['b', 'c']), goneBefore: new Set(['b', 'c']) })
  const second = partGone(new Set(['a', 'c']), { ...known, ...first }, how)
  assert.deepEqual(second, { forgotten: [], missed: new Set(['b']), goneBefore: new Set(['b']) })
  assert.deepEqual(partGone(new Set(['a']), { ...known, ...second }, { ...how, mayBeArchived: false }), {
    forgotten: ['b'],
    missed: new Set(['c']),
    goneBefore: new Set(['b']),
  })
})
