// A store in a directory of its own, for the length of a test.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Store, StoreOptions, StoreType } from '../../src/contracts/store.ts'

/** A warning fails. */
export function scratchOptions(t: TestContext, now: number): StoreOptions {
  const options = optionsIn(mkdtempSync(join(tmpdir(), 'logboom-store-')), now)
  t.after(() => rmSync(options.directory, { recursive: true }))
  return options
}

export async function openScratchStore(
  t: TestContext,
  type: StoreType,
  now: number,
): Promise<{ store: Store; options: StoreOptions }> {
  const options = optionsIn(mkdtempSync(join(tmpdir(), 'logboom-store-')), now)
  const store = await type.open(options)
  t.after(async () => {
    await store.close()
    rmSync(options.directory, { recursive: true })
  })
  return { store, options }
}

/** The clock stands. */
function optionsIn(directory: string, now: number): StoreOptions {
  return { directory, now: () => now, warn: (message) => assert.fail(message) }
}
