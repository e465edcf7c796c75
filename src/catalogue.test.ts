// What one hub keeps for the next.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openCatalogue } from './catalogue.ts'

test('what is kept is there for the next hub, replaced or forgotten as was said last', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-catalogue-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'catalogue.db')
  const first = openCatalogue(path)
  first.keep('a', { instances: 3 })
  first.keep('b', { instances: 4 })
  first.keep('b', 'replaced')
  first.keep('c', [1])
  first.keep('c', undefined)
  assert.deepEqual([first.kept('b'), first.kept('c')], ['replaced', undefined])
  first.close()
  const next = openCatalogue(path)
  assert.deepEqual([next.kept('a'), next.kept('b'), next.kept('c')], [{ instances: 3 }, 'replaced', undefined])
  next.close()
})
