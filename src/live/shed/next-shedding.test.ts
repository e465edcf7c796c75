// The rule of shedding as a table: loads, look by look, and what viewers are spared after each.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextShedding, unburdened, type Load, type Shedding } from './next-shedding.ts'

const lookMs = 250
const calm: Load = { behindMs: 0, isOverrun: false, busy: 0.2 }
const late: Load = { behindMs: 800, isOverrun: false, busy: 1 }
const overrun: Load = { behindMs: 300, isOverrun: true, busy: 1 }
const busy: Load = { behindMs: 0, isOverrun: false, busy: 0.9 }
const between: Load = { behindMs: 300, isOverrun: false, busy: 0.5 }

const seconds = (count: number, load: Load): Load[] => Array.from({ length: (count * 1000) / lookMs }, () => load)

/** The steps, each with the second of its look. */
function stepsOf(loads: Load[]): [shedding: Shedding, second: number][] {
  let state = unburdened
  const steps: [Shedding, number][] = []
  for (const [look, load] of loads.entries()) {
    const next = nextShedding(state, load, look * lookMs)
    if (next.shedding !== state.shedding) steps.push([next.shedding, (look * lookMs) / 1000])
    state = next
  }
  return steps
}

for (const [name, loads, steps] of [
  ['calm changes nothing', seconds(60, calm), []],
  ['work without delay changes nothing', seconds(60, busy), []],
  ['a short delay changes nothing', [late, late, ...seconds(5, calm)], []],
  [
    'delay that lasts takes DEBUG first, then everything',
    seconds(2, late),
    [
      ['detail', 0.5],
      ['all', 1.25],
    ],
  ],
  ['more than may wait takes DEBUG at once', [overrun, ...seconds(1, calm)], [['detail', 0]]],
  [
    'and everything when it comes again',
    [overrun, overrun],
    [
      ['detail', 0],
      ['all', 0.25],
    ],
  ],
  [
    'calm of two seconds gives back one step after the other',
    [overrun, overrun, ...seconds(6, calm)],
    [
      ['detail', 0],
      ['all', 0.25],
      ['detail', 2.5],
      ['none', 4.75],
    ],
  ],
  [
    'nothing is given back while the thread has no time, or lines are late',
    [overrun, ...seconds(10, busy), ...seconds(10, between)],
    [['detail', 0]],
  ],
  [
    'a step back that brings the load back is tried again after twice the time',
    [overrun, ...seconds(2.25, calm), overrun, ...seconds(5, calm)],
    [
      ['detail', 0],
      ['none', 2.25],
      ['detail', 2.5],
      ['none', 6.75],
    ],
  ],
] as const)
  test(name, () => assert.deepEqual(stepsOf([...loads]), steps))
