import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Threshold } from '../../contracts/request.ts'
import { openThreshold, type KeptThreshold } from './threshold.ts'

type Change = (threshold: KeptThreshold) => void

const cases: [what: string, changes: Change[], now: Partial<Threshold>, underDebug?: Partial<Threshold>][] = [
  ['nothing', [], {}, { level: 'DEBUG' }],
  [
    'a source',
    [({ setLevel }) => setLevel('web', 'ERROR')],
    { ofSources: { web: 'ERROR' } },
    { level: 'DEBUG', ofSources: { web: 'ERROR' } },
  ],
  [
    'a source, and back',
    [({ setLevel }) => setLevel('web', 'ERROR'), ({ setLevel }) => setLevel('web', undefined)],
    {},
    { level: 'DEBUG' },
  ],
  ['all, until the configuration says something new', [({ setLevel }) => setLevel('*', 'ERROR')], { level: 'ERROR' }, { level: 'DEBUG' }], // oxfmt-ignore
  ['all, and back', [({ setLevel }) => setLevel('*', 'ERROR'), ({ setLevel }) => setLevel('*', undefined)], {}],
  [
    'services, in whatever case',
    [
      ({ setService }) => setService('Voice', false),
      ({ setService }) => setService('Gpt', false),
      ({ setService }) => setService('voice', true),
    ],
    { withoutServices: ['Gpt'] },
  ],
]

test('what somebody has changed holds under the next hub', () => {
  for (const [what, changes, expected, underDebug] of cases) {
    const kept = new Map<string, unknown>()
    const catalogue = {
      keep: (key: string, value: unknown) => void kept.set(key, JSON.parse(JSON.stringify(value))),
      kept: (key: string) => kept.get(key),
    }
    const usual = { level: 'INFO', ofSources: {}, withoutServices: [] }
    const first = openThreshold(catalogue, 'shown', 'INFO')
    for (const change of changes) change(first)
    assert.deepEqual(first.now(), { ...usual, ...expected }, what)
    assert.deepEqual(openThreshold(catalogue, 'shown', 'INFO').now(), first.now(), what)
    if (underDebug)
      assert.deepEqual(openThreshold(catalogue, 'shown', 'DEBUG').now(), { ...usual, ...underDebug }, what)
  }
})

test('settings stay so few that a query can have them', () => {
  const threshold = openThreshold({ keep: () => undefined, kept: () => undefined }, 'shown', 'INFO')
  assert.throws(() => {
    for (let n = 0; n < 1000; n++) threshold.setLevel(`source-with-a-long-name-${n}`, 'DEBUG')
  }, /Too many sources/)
  const before = Object.keys(threshold.now().ofSources).length
  assert.ok(before > 50 && before < 500, `${before}`)
})
