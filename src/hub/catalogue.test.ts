// What one hub keeps for the next.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { RunRow } from '../contracts/source.ts'
import { openCatalogue } from './catalogue.ts'
import { eachPastRun, type RunPlace } from './past-runs.ts'

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
  for (let run = 1; run <= 2000; run++) {
    runs.begin({ run })
    if (run !== 7) runs.end(run, 2, {})
  }
  assert.deepEqual([runs.last()?.run, runs.open().map(({ run }) => run)], [2000, [7]])
  catalogue.close()
  const database = new DatabaseSync(path)
  t.after(() => database.close())
  const rows = database.prepare('SELECT run FROM runs ORDER BY run').all()
  assert.deepEqual([rows.length, rows[0]!['run'], rows[1]!['run']], [1001, 7, 1001])
})

test('all runs are given newest first, from any place on, as they are now, those of earlier hubs among them', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-catalogue-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'catalogue.db')
  let time = 0
  const first = openCatalogue(path)
  for (const source of ['a', 'b', 'a', 'a'])
    first.runs(source, 'one', () => ++time).end(first.runs(source, 'one', () => time).begin({}).run, ++time, {})
  first.close()
  const next = openCatalogue(path)
  t.after(() => next.close())
  next.runs('b', 'two', () => 5).begin({ isNew: true })
  const list = (past?: RunPlace, most = Infinity): string[] => {
    const rows: RunRow[] = []
    next.eachRun({ past }, (row) => rows.push(row) < most)
    return rows.map(({ source, run, endedAt }) => `${source}${run}${endedAt === null ? '…' : ''}`)
  }
  assert.deepEqual(list(), ['b2…', 'a3', 'a2', 'b1', 'a1'])
  assert.deepEqual(list(undefined, 2), ['b2…', 'a3'])
  assert.deepEqual(list({ startedAt: 5, source: 'b', run: 2 }, 2), ['a3', 'a2'])
})

test('a page of all runs reads few of them, and pages have each run once, though the clock was set back', () => {
  const sources = Array.from({ length: 40 }, (_, index) => `s${index}`)
  // Of every tenth source the clock was wrong for a while.
  const startOf = (source: string, run: number): number =>
    run * 100 + Number(source.slice(1)) + (source.endsWith('0') && run % 50 > 40 ? 7000 : 0)
  const rowOf = (source: string, run: number): RunRow => {
    return { source, run, session: 's', startedAt: startOf(source, run), endedAt: 1, details: {} }
  }
  let readCount = 0
  const file = {
    sources: () => sources,
    runsBelow(source: string, below: number, limit: number): RunRow[] {
      const from = Math.min(below - 1, 200)
      const rows = Array.from({ length: Math.min(limit, from) }, (_, index) => rowOf(source, from - index))
      readCount += rows.length
      return rows
    },
  }
  const seen = new Set<string>()
  for (let past: RunPlace | undefined, isFirst = true; ; isFirst = false) {
    let last: RunPlace | undefined
    let count = 0
    eachPastRun({ read: (work) => work(file) }, [], { past }, ({ source, run }, place) => {
      const name = `${source} ${run}`
      assert.ok(!seen.has(name), name)
      seen.add(name)
      last = place
      return ++count < 400
    })
    if (isFirst) assert.ok(readCount < 2000, `${readCount} were read`)
    if (!last) break
    past = last
  }
  assert.equal(seen.size, 8000)
})

test('runs of other hosts are nobody’s here to stop', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-catalogue-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const catalogue = openCatalogue(join(directory, 'catalogue.db'))
  const row = { run: 1, session: 's', startedAt: 1, endedAt: null }
  catalogue.recall({ ...row, source: 'web-1/api', details: { host: 'web-1' } })
  catalogue.recall({ ...row, source: 'api', details: { command: 'sleep 1' } })
  assert.deepEqual(catalogue.unendedSources(), ['api'])
  catalogue.close()
})
