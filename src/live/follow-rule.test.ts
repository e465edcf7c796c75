import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextStep, skipKeepsBytes, type Circumstances, type NextStep } from './follow-rule.ts'

const inChannel: Circumstances = {
  isInChannel: true,
  isFull: false,
  fullForMs: 0,
  maySkip: false,
  isBehind: false,
  waitingBytes: 0,
}
const inStore: Circumstances = { ...inChannel, isInChannel: false }

const cases: [why: string, from: Circumstances, now: Partial<Circumstances>, step: NextStep][] = [
  ['history is read first', inStore, {}, 'read-store'],
  ['then the channel is taken', inChannel, {}, 'take-channel'],
  ['a reader that takes nothing waits', inChannel, { isFull: true, isBehind: true, maySkip: true }, 'wait'],
  ['what the channel has lost is read from the store', inChannel, { isBehind: true }, 'read-store'],
  ['or skipped', inChannel, { isBehind: true, maySkip: true }, 'skip'],
  ['history is never skipped', inStore, { isBehind: true, maySkip: true }, 'read-store'],
  ['late, with much waiting', inChannel, { fullForMs: 2000, maySkip: true, waitingBytes: skipKeepsBytes + 1 }, 'skip'],
  ['late, with little', inChannel, { fullForMs: 2000, maySkip: true, waitingBytes: 9 }, 'take-channel'],
  ['much, but not late', inChannel, { fullForMs: 900, maySkip: true, waitingBytes: 1e9 }, 'take-channel'],
  ['late and much, to somebody who wants all', inChannel, { fullForMs: 2000, waitingBytes: 1e9 }, 'take-channel'],
]

for (const [why, from, now, step] of cases)
  test(`${why}: ${step}`, () => assert.equal(nextStep({ ...from, ...now }), step))
