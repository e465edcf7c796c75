// What the two clocks say, look by look, and whether the one on the wall is in doubt then.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextClockState, type ClockState } from './clock-doubt.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

interface Look {
  /** How far each clock goes on. */
  wallMs: number
  uptimeMs: number
  /** Another boot, so that `uptimeMs` counts from zero. */
  boot?: string
}

/** The jumps that are in doubt after each look. */
function doubts(...looks: Look[]): (number | undefined)[] {
  let state: ClockState = { reading: { wallMs: Date.UTC(2026, 10, 28), uptime: { boot: 'first', ms: dayMs } } }
  return looks.map(({ wallMs, uptimeMs, boot }) => {
    const { reading } = state
    const before = boot === undefined ? reading.uptime : { boot, ms: 0 }
    state = nextClockState(state, {
      wallMs: reading.wallMs + wallMs,
      uptime: { boot: before.boot, ms: before.ms + uptimeMs },
    })
    return state.doubt?.jumpMs
  })
}

const together = (ms: number): Look => ({ wallMs: ms, uptimeMs: ms })

const cases: [what: string, looks: Look[], expected: (number | undefined)[]][] = [
  ['time that passes is no jump, however long', [together(40 * dayMs), together(0)], [undefined, undefined]],
  ['a clock that is put right by a little is believed', [{ wallMs: 0.9 * hourMs, uptimeMs: 0 }], [undefined]],
  ['a jump ahead', [{ wallMs: 40 * dayMs, uptimeMs: 0 }], [40 * dayMs]],
  ['a jump back', [{ wallMs: -2 * hourMs, uptimeMs: 0 }], [-2 * hourMs]],
  [
    'a day later it is over',
    [{ wallMs: dayMs, uptimeMs: 0 }, together(23.9 * hourMs), together(hourMs)],
    [dayMs, dayMs, undefined],
  ],
  [
    'who jumps and returns begins the wait anew',
    [
      { wallMs: 40 * dayMs, uptimeMs: 0 },
      together(23 * hourMs),
      { wallMs: -40 * dayMs, uptimeMs: 0 },
      together(2 * hourMs),
    ],
    [40 * dayMs, 40 * dayMs, -40 * dayMs, -40 * dayMs],
  ],
  ['a quick reboot', [{ wallMs: 60_000, uptimeMs: 30_000, boot: 'second' }], [undefined]],
  [
    'the machine was off for 40 days',
    [{ wallMs: 40 * dayMs, uptimeMs: 60_000, boot: 'second' }],
    [40 * dayMs - 60_000],
  ],
  [
    'nobody looked since the machine was started 40 days ago',
    [{ wallMs: 40 * dayMs, uptimeMs: 40 * dayMs, boot: 'second' }],
    [undefined],
  ],
  [
    'nights that the machine is off do not begin the wait anew, weeks do',
    [
      { wallMs: 16 * hourMs, uptimeMs: 0, boot: 'monday' },
      together(8 * hourMs),
      { wallMs: 17 * hourMs, uptimeMs: hourMs, boot: 'tuesday' },
      together(14 * hourMs),
      { wallMs: 7 * dayMs, uptimeMs: 0, boot: 'later' },
      together(2 * hourMs),
    ],
    [16 * hourMs, 16 * hourMs, 16 * hourMs, 16 * hourMs, 7 * dayMs, 7 * dayMs],
  ],
]

for (const [what, looks, expected] of cases) test(what, () => assert.deepEqual(doubts(...looks), expected))
