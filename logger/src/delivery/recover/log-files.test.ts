import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findMissedParts, type LogFile } from './log-files.ts'

const file = (path: string, inode: number, bytes: number): LogFile => ({ path, device: 1, inode, bytes, bornAt: inode })
const files = [file('log.2', 10, 100), file('log.1', 11, 110), file('log', 12, 120)]
const at = (inode: number, end: number) => ({ device: inode && 1, inode, end })

test('what lies between two positions, over rotated copies', () => {
  const cases: [from: ReturnType<typeof at>, until: ReturnType<typeof at>, parts: string, isLost?: true][] = [
    [at(12, 120), at(12, 120), ''],
    [at(12, 50), at(12, 120), 'log 50-120'],
    [at(12, 50), at(12, 80), 'log 50-80'],
    [at(11, 110), at(12, 120), 'log 0-120'],
    [at(11, 7), at(12, 0), 'log.1 7-110'],
    [at(10, 7), at(12, 9), 'log.2 7-100, log.1 0-110, log 0-9'],
    // Emptied by others: what is in it came later.
    [at(12, 130), at(12, 120), 'log 0-120'],
    // There was no file yet.
    [at(0, 0), at(12, 120), 'log.1 0-110, log 0-120'],
    // The file is gone.
    [at(9, 5), at(12, 120), 'log.2 0-100, log.1 0-110, log 0-120', true],
  ]
  for (const [from, until, expected, isLost = false] of cases) {
    const missed = findMissedParts(files, from, until, 11)
    const text = missed.parts.map((part) => `${part.path} ${part.from}-${part.to}`).join(', ')
    assert.deepEqual([text, missed.isLost], [expected, isLost], JSON.stringify([from, until]))
  }
})
