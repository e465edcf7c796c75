// Every version of the format that was ever released opens, and gives every record as it was stored.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import type { LogRecord } from '../../../src/contracts/record.ts'
import { localStore } from '../../../src/stores/local/local-store.ts'
import { formatVersion } from '../../../src/stores/local/names.ts'
import { collect } from './commit-oracle.ts'
import { capturedAt } from './numbered-commits.ts'

const formats = path.join(import.meta.dirname, 'formats')
const versions = readdirSync(formats)

test('the present version is among those that are tried', () => {
  assert.ok(versions.includes(String(formatVersion)), 'scripts/make-format.ts makes it')
})

for (const version of versions)
  test(`format ${version}`, async (t) => {
    const directory = mkdtempSync(path.join(tmpdir(), 'logboom-format-'))
    t.after(() => rmSync(directory, { recursive: true }))
    // As they are, whatever is done with the copy.
    cpSync(path.join(formats, version, 'store'), directory, { recursive: true })
    const stored = readFileSync(path.join(formats, version, 'records.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as LogRecord)
    assert.ok(stored.length > 100)
    const warnings: string[] = []
    const options = { directory, now: () => capturedAt(100), warn: (message: string) => void warnings.push(message) }

    const reader = await localStore.openReader!(options)
    assert.deepEqual(await collect(reader, { order: 'oldest' }), stored, 'beside a writer')
    await reader.close()
    const { problems, runs } = await localStore.verify!(options, { thorough: true })
    assert.deepEqual(problems, [])
    assert.ok(runs.length > 0 && runs.every(({ missing, faults }) => missing === 0 && faults.length === 0))

    const store = await localStore.open(options)
    assert.equal(store.head(), stored.at(-1)!.id)
    assert.deepEqual(await collect(store, { order: 'newest' }), stored.toReversed(), 'by a writer')
    await store.seal({ all: true })
    assert.deepEqual(await collect(store, { order: 'oldest' }), stored, 'sealed by this version')
    await store.close()
    assert.deepEqual(warnings, [])
  })
