// What one hub keeps for the next.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
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

test('of runs that are long over some are kept, and of those that are not, all', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-catalogue-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'catalogue.db')
  const catalogue = openCatalogue(path)
  const runs = catalogue.runs('job', 'session', () => 1)
  for (let run = 1; run <= 1000; run++) {
    runs.begin({ run })
    if (run !== 7) runs.end(run, 2, {})
  }
  assert.deepEqual([runs.last()?.run, runs.open().map(({ run }) => run)], [1000, [7]])
  catalogue.close()
  const database = new DatabaseSync(path)
  t.after(() => database.close())
  const rows = database.prepare('SELECT run FROM runs ORDER BY run').all()
  assert.deepEqual([rows.length, rows[0]!['run'], rows[1]!['run']], [101, 7, 901])
})
