import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunAccount, VerifyReport } from '../../contracts/verify-report.ts'
import { keepEverything } from '../../contracts/retention.ts'
import { formatRetention } from './format-retention.ts'
import { formatStore } from './store-info.ts'
import { formatAccounts } from './verify.ts'

const run = (source: string, number: number, captured: number, more: Partial<RunAccount> = {}): RunAccount => ({
  source,
  run: number,
  captured,
  stored: captured,
  removed: 0,
  dropped: 0,
  gaps: 0,
  missing: 0,
  faults: [],
  ...more,
})

const report = (runs: RunAccount[], problems: VerifyReport['problems'] = []): VerifyReport => ({
  directory: '/s',
  files: 1,
  records: 1,
  bytes: 1,
  problems,
  runs,
})

test('runs with which nothing is wrong are one row', () => {
  const runs = [
    run('api', 1, 1000),
    run('api', 2, 500, { stored: 0, removed: 500 }),
    run('api', 3, 1_000_000, { stored: 999_990, gaps: 10 }),
    run('api', 4, 10, { stored: 8, missing: 2, faults: ['missing: 3–4'] }),
    run('api', 5, 10),
    run('web', 1, 7),
  ]
  const text = formatAccounts(report(runs), { color: false, everyRun: false })
  assert.deepEqual(text.split('\n'), [
    'SOURCE  RUN   CAPTURED     STORED  RETAINED AWAY  DROPPED  GAPS  MISSING',
    'api     1–3  1,001,500  1,000,990            500        0    10        0',
    'api     4           10          8              0        0     0        2',
    'api     5           10         10              0        0     0        0',
    'web     1            7          7              0        0     0        0',
    '',
    '✗ api, run 4: missing: 3–4',
    '✗ Not all of 1,001,527 captured records are accounted for: 1,001,015 stored, 500 removed by retention, ' +
      '10 lost with gap records that say so, 2 missing',
    '',
  ])
  assert.equal(formatAccounts(report(runs), { color: false, everyRun: true }).split('\n').length, 11)
})

test('damage is told where nothing is missing, too', () => {
  const text = formatAccounts(report([run('api', 1, 5)], [{ file: 'a.frames', what: '8 bytes at 0 are damaged' }]), {
    color: false,
    everyRun: false,
  })
  assert.match(text, /\n✗ a\.frames: 8 bytes at 0 are damaged\n✗ Not all of 5 /)
  assert.equal(formatAccounts(report([]), { color: false, everyRun: false }), 'Nothing has been captured yet\n')
})

test('what is kept, in words', () => {
  const dayMs = 86_400_000
  const expected: [Parameters<typeof formatRetention>[0], string][] = [
    [keepEverything, 'everything'],
    [{ ageMs: 30 * dayMs, bytes: 1e10, sources: [] }, '30d, at most 10.0 GB'],
    [{ ageMs: false, bytes: 5e8, sources: [] }, 'however old, at most 500 MB'],
    [
      {
        ageMs: dayMs,
        bytes: false,
        sources: [
          { pattern: 'api*', bytes: 1e6 },
          { pattern: 'audit', ageMs: false },
        ],
      },
      '1d; api*: at most 1.0 MB; audit: everything',
    ],
  ]
  for (const [retention, text] of expected) assert.equal(formatRetention(retention), text)
})

test('the figures of a store', () => {
  const day = '2026-11-22'
  const text = formatStore(
    {
      head: 1500,
      records: 1234,
      rawBytes: 1e6,
      bytes: 81_000,
      directory: '/state/store',
      files: { days: 1, tails: 1 },
      sources: [{ source: 'api', records: 1234, rawBytes: 1e6, bytes: 80_000, from: day, to: day }],
      days: [{ day, records: 1234, bytes: 80_000, groups: 1, blocks: 1 }],
      retention: keepEverything,
    },
    false,
  )
  assert.deepEqual(text.split('\n'), [
    'Store     /state/store',
    'Records   1,234 of 1,500',
    'On disk   81.0 kB, 8.1 % of 1.0 MB',
    'Files     1 day, 1 file not sealed yet',
    'Captured  2026-11-22 to 2026-11-22 (UTC)',
    'Kept      everything',
    '',
    'SOURCE  RECORDS  ON DISK  RAW     FROM        TO',
    'api       1,234  80.0 kB  1.0 MB  2026-11-22  2026-11-22',
    '',
  ])
})
