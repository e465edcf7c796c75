import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FileState } from './file-state.ts'
import { parseSavedLogs, type SavedLogs } from './saved-logs.ts'

const file: FileState = {
  inode: 12,
  length: 100,
  run: -1,
  part: 3,
  firstPart: 1,
  keepFrom: 0,
  previous: { inode: 0, length: 0 },
}
const missing = { lines: 2, from: 7, to: 8 }
const saved: SavedLogs = { version: 1, position: 9, files: { api: file, 'my web': { ...file, missing } } }

test('what was saved is read back from JSON as it was', () => {
  assert.deepEqual(parseSavedLogs(JSON.parse(JSON.stringify(saved))), saved)
  assert.deepEqual(parseSavedLogs({ version: 1, position: 0, files: {} }), { version: 1, position: 0, files: {} })
})

test('anything else is nothing that was saved', () => {
  const { previous: _, ...withoutPrevious } = file
  const wrongFiles: unknown[] = [
    null,
    'text',
    withoutPrevious,
    { ...file, inode: '12' },
    { ...file, length: -1 },
    { ...file, run: 0.5 },
    { ...file, part: undefined },
    { ...file, firstPart: null },
    { ...file, keepFrom: '0' },
    { ...file, previous: { inode: 0 } },
    { ...file, missing: null },
    { ...file, missing: { ...missing, to: -8 } },
  ]
  const wrong: unknown[] = [
    undefined,
    null,
    [],
    'text',
    { ...saved, version: 2 },
    { ...saved, position: -1 },
    { ...saved, files: [] },
    ...wrongFiles.map((each) => ({ ...saved, files: { api: file, web: each } })),
  ]
  for (const value of wrong) assert.equal(parseSavedLogs(value), undefined, JSON.stringify(value))
})
