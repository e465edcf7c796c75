import assert from 'node:assert/strict'
import { test } from 'node:test'
import { severities, type SeverityName } from '../../contracts/record.ts'
import { thresholdQuery } from '../../query/threshold-query.ts'
import { openFeed } from '../feed.ts'
import { openTestReader, openTestStorage, type TestLine, type TestReader } from '../follow-harness.ts'
import { openFollow } from '../follow.ts'
import type { Shown } from './shown.ts'

function openShown(): Shown & { set(level: SeverityName): void } {
  let now: SeverityName = 'INFO'
  const listeners = new Set<() => void>()
  return {
    query: (level = now) => thresholdQuery({ level, ofSources: {}, withoutServices: [] }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    set(level) {
      now = level
      for (const listener of listeners) listener()
    },
  }
}

const line = (level: SeverityName): TestLine => ({ message: level, severity: severities[level] })
const isLive = (reader: TestReader) => reader.frames.some((frame) => frame.type === 'live')
const has = (id: number) => (reader: TestReader) => reader.ids().includes(id)

test('a follower goes on with other lines when what is shown changes, and one that names a level does not', async (t) => {
  const storage = openTestStorage()
  const shown = openShown()
  const feed = openFeed(storage, { shown })
  const [usual, fixed] = [openTestReader(), openTestReader()]
  const follows = [
    openFollow({ after: 0, shown: true }, feed, usual),
    openFollow({ after: 0, shown: 'WARNING' }, feed, fixed),
  ]
  t.after(() => follows.forEach((follow) => follow.close()))
  storage.commit([line('DEBUG'), line('INFO'), line('ERROR')])
  await usual.until(isLive)
  await fixed.until(isLive)
  shown.set('DEBUG')
  storage.commit([line('DEBUG'), line('TRACE'), line('ERROR')])
  await usual.until(has(6))
  shown.set('ERROR')
  storage.commit([line('INFO'), line('ERROR')])
  await usual.until(has(8))
  await fixed.until(has(8))
  assert.deepEqual([usual.ids(), fixed.ids()], [[2, 3, 4, 6, 8], [3, 6, 8]]) // oxfmt-ignore
})

test('whenever that happens, no line comes twice, and none is missing that was shown all the while', async (t) => {
  const storage = openTestStorage({ pageRecords: 5 })
  const shown = openShown()
  const reader = openTestReader()
  const committed: TestLine[] = []
  const commit = (...lines: TestLine[]): void => {
    committed.push(...lines)
    storage.commit(lines)
  }
  commit(...Array.from({ length: 100 }, (_, n) => line(n % 3 === 0 ? 'ERROR' : 'DEBUG')))
  let turn = 0
  storage.beforePage = () => {
    shown.set(turn++ % 2 === 0 ? 'DEBUG' : 'ERROR')
    if (storage.head() < 400) commit(line('DEBUG'), line('ERROR'), line('DEBUG'))
  }
  const follow = openFollow({ after: 0, shown: true }, openFeed(storage, { shown }), reader)
  t.after(() => follow.close())
  for (let n = 0; n < 30; n++) {
    shown.set(n % 2 === 0 ? 'ERROR' : 'DEBUG')
    commit(line('ERROR'))
    await new Promise(setImmediate)
  }
  commit(line('ERROR'))
  const last = storage.head()
  await reader.until(has(last))
  const ids = reader.ids().filter((id) => id <= last)
  assert.deepEqual(
    ids,
    [...new Set(ids)].toSorted((a, b) => a - b),
  )
  const errors = committed.flatMap(({ severity }, n) => (severity === severities.ERROR && n < last ? n + 1 : []))
  assert.deepEqual(
    ids.filter((id) => errors.includes(id)),
    errors,
  )
})
