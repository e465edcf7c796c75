// Runs as people see them: what has become of each.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunRow } from '../../contracts/source.ts'
import { openRunLists, viewOf } from './list-runs.ts'

const row = (details: Record<string, unknown> = {}, endedAt: number | null = 30): RunRow => ({
  source: 'web',
  run: 1,
  session: 's',
  startedAt: 10,
  endedAt,
  details,
})
const exit = (code: number | null, signal: string | null = null, known = true) => ({ code, signal, at: 25, known })

const cases: [
  name: string,
  row: RunRow,
  status: string,
  exitCode: number | undefined,
  durationMs: number | undefined,
][] = [
  ['one that goes on', row({}, null), 'RUNNING', undefined, undefined],
  ['one that ended well', row({ exit: exit(0) }), 'COMPLETED', 0, 20],
  ['one whose grandchildren still write', row({ exit: exit(0) }, null), 'COMPLETED', 0, 15],
  ['one that failed', row({ exit: exit(2) }), 'FAILED', 2, 20],
  ['one that was killed', row({ exit: exit(null, 'SIGKILL') }), 'FAILED', undefined, 20],
  ['one that was stopped', row({ exit: exit(null, 'SIGTERM'), stopRequested: true }), 'STOPPED', undefined, 20],
  ['one that nobody saw ending', row({ exit: exit(null, null, false) }), 'UNKNOWN', undefined, 20],
  ['one without an exit', row({ pipe: 'x' }), 'COMPLETED', undefined, 20],
  ['a job', row({ jobId: 'j', orchestratorId: 'o', status: 'FAILED', startedAt: 20, exitCode: 3 }), 'FAILED', 3, 10],
]
for (const [name, run, status, exitCode, durationMs] of cases)
  test(`${name} is ${status}`, () => {
    const view = viewOf(run)
    assert.deepEqual([view.status, view.exitCode, view.durationMs], [status, exitCode, durationMs])
  })

test('lists are filtered and read page by page', () => {
  const rows = [5, 4, 3, 2, 1].map((run): RunRow => ({ ...row({ exit: exit(run % 2) }), run, startedAt: run }))
  rows[1]!.details = { jobId: 'j', orchestratorId: 'o', userId: 'mia', status: 'COMPLETED' }
  const lists = openRunLists(
    {
      eachRun: ({ past, wants = () => true }, take) =>
        void rows
          .filter((each) => wants(each) && (past === undefined || each.run < past.run))
          .every((each) => take(each, each)),
      sessions: () => ['c', 'b', 'a'].map((id) => ({ id, startedAt: 1, endedAt: id === 'a' ? 3 : null })),
    },
    'c',
  )
  const list = (parameters: object) => {
    const { runs, past } = lists.runs({ isJob: false, limit: 2, ...parameters }, () => true)
    return [runs.map(({ run }) => run), past]
  }
  assert.deepEqual(list({}), [[5, 4], '4,4,web'])
  assert.deepEqual(list({ past: '4,4,web' }), [[3, 2], '2,2,web'])
  assert.deepEqual(list({ past: '2,2,web' }), [[1], undefined])
  assert.deepEqual(list({ status: 'completed' }), [[4, 2], undefined])
  assert.deepEqual(list({ source: 'a*' }), [[], undefined])
  assert.deepEqual(list({ isJob: true }), [[4], undefined])
  assert.deepEqual(list({ run: 3 }), [[3], undefined])
  assert.deepEqual(
    [list({ job: 'j' }), list({ job: 'J' })],
    [
      [[4], undefined],
      [[], undefined],
    ],
  )
  assert.deepEqual(
    [list({ owner: 'm*' }), list({ owner: 'm' })],
    [
      [[4], undefined],
      [[], undefined],
    ],
  )
  assert.throws(() => list({ past: 'x' }), /past: no place/)
  assert.deepEqual(
    lists.sessions({ limit: 2 }).sessions.map(({ id, status }) => `${id} ${status}`),
    ['c RUNNING', 'b KILLED'],
  )
  assert.deepEqual(lists.sessions({ limit: 2, past: 'b' }), {
    sessions: [{ id: 'a', status: 'ENDED', startedAt: 1, endedAt: 3, durationMs: 2 }],
  })
})
