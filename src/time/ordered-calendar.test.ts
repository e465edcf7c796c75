import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCalendar } from './calendar.ts'
import { openOrderedCalendar } from './ordered-calendar.ts'

const clockMs = (hour: number, minute: number): number => (hour * 60 + minute) * 60_000

/** Zone, the night in which summer time ends, and the offset in the first and the second of the equal hours. */
const nights: [zone: string, night: [number, number, number], hour: number, first: string, second: string][] = [
  ['Europe/Berlin', [2025, 10, 26], 2, '+02:00', '+01:00'],
  ['America/New_York', [2025, 11, 2], 1, '-04:00', '-05:00'],
  ['Australia/Lord_Howe', [2025, 4, 6], 1, '+11:00', '+10:30'],
]

for (const [zone, [year, month, day], hour, first, second] of nights)
  test(`${zone}: the hour that comes twice is the one that follows the lines before`, () => {
    const calendar = openOrderedCalendar(openCalendar(zone))
    const read = (minute: number, ms = 0): string => {
      const time = calendar.time(year, month, day, clockMs(hour, minute) + ms)
      calendar.passed(time)
      return new Date(time).toISOString()
    }
    const expected = (minute: number, offset: string): string => {
      const two = (value: number): string => String(value).padStart(2, '0')
      return new Date(`${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:00${offset}`).toISOString()
    }
    assert.equal(read(35), expected(35, first))
    assert.equal(read(59), expected(59, first))
    assert.equal(read(56), expected(56, first))
    assert.equal(read(31), expected(31, second))
    assert.equal(read(30), expected(30, second))
    assert.equal(read(40), expected(40, second))
  })

test('days without a change, and the hour that is left out, are as they were', () => {
  const plain = openCalendar('Europe/Berlin')
  const calendar = openOrderedCalendar(plain)
  calendar.passed(Date.UTC(2030, 0, 1))
  for (const [month, day] of [
    [3, 30],
    [7, 1],
    [10, 25],
    [10, 27],
    [2, 30],
  ] as const)
    // oxfmt-ignore
    for (let hour = 0; hour < 24; hour++)
      assert.equal(calendar.time(2025, month, day, clockMs(hour, 10)), plain.time(2025, month, day, clockMs(hour, 10)))
})
