import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Retention, RetentionChange } from '../../contracts/retention.ts'
import { openKeptRetention } from './kept-retention.ts'

const day = 86_400_000
const configured: Retention = { ageMs: 30 * day, bytes: 1e10, sources: [{ pattern: 'api*', ageMs: 7 * day }] }

const cases: [changes: RetentionChange[], rules: Retention][] = [
  [[], configured],
  [[{ ageMs: day }], { ...configured, ageMs: day }],
  [[{ ageMs: false, bytes: 5 }], { ...configured, ageMs: false, bytes: 5 }],
  [[{ ageMs: day }, { ageMs: null }], configured],
  [
    [{ source: 'web', ageMs: day }],
    { ...configured, sources: [{ pattern: 'web', ageMs: day }, ...configured.sources] },
  ],
  [
    [
      { source: 'web', ageMs: day },
      { source: 'web', ageMs: null },
    ],
    configured,
  ],
  [[{ source: 'api*', bytes: 5 }], { ...configured, sources: [{ pattern: 'api*', ageMs: 7 * day, bytes: 5 }] }],
  [
    [
      { source: 'api*', ageMs: false },
      { source: 'api*', ageMs: null },
    ],
    configured,
  ],
]

test('rules are changed one by one, kept for the next hub, and given up when the configuration says something new', () => {
  for (const [changes, rules] of cases) {
    const kept = new Map<string, unknown>()
    const catalogue = {
      keep: (key: string, value: unknown) =>
        void (value === undefined ? kept.delete(key) : kept.set(key, structuredClone(value))),
      kept: (key: string) => kept.get(key),
    }
    const retention = openKeptRetention(catalogue, configured)
    for (const change of changes) assert.deepEqual(retention.set(change), retention.now())
    assert.deepEqual(retention.now(), rules, JSON.stringify(changes))
    assert.deepEqual(openKeptRetention(catalogue, configured).now(), rules)
    const other = { ...configured, ageMs: 90 * day }
    assert.deepEqual(openKeptRetention(catalogue, other).now(), other)
  }
})
