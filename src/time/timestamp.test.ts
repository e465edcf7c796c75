// Times as lines have them, with what they lack completed: zones, years and days.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latestTime, localCalendar, nearestTime, openCalendar } from './calendar.ts'
import { readDayMonth, readMonthDay } from './month-date.ts'
import { readClock, readTimestamp, type Timestamp } from './timestamp.ts'

const utc = openCalendar('UTC')
const captured = Date.UTC(2025, 9, 19, 6)

function check(found: Timestamp | undefined, iso: string | undefined, to?: number): void {
  assert.equal(found && new Date(found.time).toISOString(), iso)
  if (to !== undefined) assert.equal(found?.to, to)
}

test('year first, with zones', () => {
  const cases: [text: string, iso: string | undefined, to?: number][] = [
    ['2025-10-19 05:55:47', '2025-10-19T05:55:47.000Z', 19],
    ['2025/10/19 05:55:47,606 x', '2025-10-19T05:55:47.606Z', 23],
    ['2025-10-19T05:55:47.606Z', '2025-10-19T05:55:47.606Z', 24],
    ['2025-10-19 05:55:47 +0530 x', '2025-10-19T00:25:47.000Z', 25],
    ['2025-10-19 05:55:47-03:00', '2025-10-19T08:55:47.000Z', 25],
    ['2025-10-19 05:55:47+02 x', '2025-10-19T03:55:47.000Z', 22],
    ['2025-10-19 05:55:47 UTC [1]', '2025-10-19T05:55:47.000Z', 23],
    ['2025-10-19 05:55:47.606 CEST [1]', '2025-10-19T03:55:47.606Z', 28],
    ['2024-02-29 05:55:47', '2024-02-29T05:55:47.000Z'],
    // What looks like a zone and is none.
    ['2025-10-19 05:55:47 -1234 points', '2025-10-19T05:55:47.000Z', 19],
    ['2025-10-19 05:55:47 -12 points', '2025-10-19T05:55:47.000Z', 19],
    ['2025-10-19 05:55:47 +05300', '2025-10-19T05:55:47.000Z', 19],
    ['2025-10-19 05:55:47 EXIT', '2025-10-19T05:55:47.000Z', 19],
    ['2025-10-19 05:55:47 Zoe', '2025-10-19T05:55:47.000Z', 19],
    // There are no such days.
    ['2025-02-29 05:55:47', undefined],
    ['2025-04-31 05:55:47Z', undefined],
    ['2025-13-01 05:55:47', undefined],
    ['2025-00-10 05:55:47', undefined],
  ]
  for (const [text, iso, to] of cases) check(readTimestamp(text, 0, utc), iso, to)
})

test('with the name of the month', () => {
  const monthDay = (text: string) => readMonthDay(text, 0, captured, utc)
  check(monthDay('Oct 19 05:55:47 h'), '2025-10-19T05:55:47.000Z', 15)
  check(monthDay('Oct  9 05:55:47.606'), '2025-10-09T05:55:47.606Z', 19)
  check(monthDay('oct 9 05:55:47'), '2025-10-09T05:55:47.000Z', 14)
  check(monthDay('Dec 10 06:55:46'), '2024-12-10T06:55:46.000Z')
  check(monthDay('Dec 04 2005 04:47:44 x'), '2005-12-04T04:47:44.000Z', 20)
  check(monthDay('Dec 04 04:47:44.123456 2005] x'), '2005-12-04T04:47:44.123Z', 27)
  for (const text of ['Okt 19 05:55:47', 'Oct 32 05:55:47', 'Oct 05:55:47', 'Oct 19 5:55', 'Feb 30 05:55:47', 'Oct'])
    check(monthDay(text), undefined)
  check(readDayMonth('19/Oct/2025:05:55:47 +0200]', 0, utc), '2025-10-19T03:55:47.000Z', 26)
  check(readDayMonth('19 Oct 2025 05:55:47.606 *', 0, utc), '2025-10-19T05:55:47.606Z', 24)
  check(readDayMonth('19-Oct-2025 05:55:47 INFO', 0, utc), '2025-10-19T05:55:47.000Z', 20)
  for (const text of ['19/Oct 2025:05:55:47', '31/Feb/2025:05:55:47 +0200', '19/Oct/2025', ''])
    check(readDayMonth(text, 0, utc), undefined)
})

test('a clock alone is of the day that brings it nearest to the capture', () => {
  const at = (hours: number, capturedMs: number) =>
    new Date(nearestTime(utc, hours * 3_600_000, capturedMs)).toISOString()
  assert.equal(at(5.5, captured), '2025-10-19T05:30:00.000Z')
  assert.equal(at(23, captured), '2025-10-18T23:00:00.000Z')
  assert.equal(at(1, Date.UTC(2025, 9, 19, 23)), '2025-10-20T01:00:00.000Z')
})

test('zones and their changes', () => {
  const berlin = openCalendar('Europe/Berlin')
  const hour = 3_600_000
  assert.equal(berlin.time(2025, 7, 1, 12 * hour), Date.UTC(2025, 6, 1, 10))
  assert.equal(berlin.time(2025, 3, 30, hour), Date.UTC(2025, 2, 30))
  assert.equal(berlin.time(2025, 3, 30, 4 * hour), Date.UTC(2025, 2, 30, 2))
  assert.equal(openCalendar('+05:30').time(2025, 1, 1, 0), Date.UTC(2024, 11, 31, 18, 30))
  assert.equal(localCalendar.time(2025, 10, 19, 1500), new Date(2025, 9, 19, 0, 0, 1, 500).getTime())
  assert.equal(latestTime(localCalendar, 2, 30, 0, captured), NaN)
  assert.throws(() => openCalendar('Mars/Olympus'), RangeError)
})

test('an abbreviation that means several zones is believed where it is the own one', () => {
  const read = (text: string, zone: string): string | undefined => {
    const found = readTimestamp(text, 0, openCalendar(zone))
    return found && `${new Date(found.time).toISOString()} ${text.slice(found.to)}`
  }
  assert.equal(read('2025-01-19 05:55:47 CST x', 'Asia/Shanghai'), '2025-01-18T21:55:47.000Z  x')
  assert.equal(read('2025-01-19 05:55:47 CST x', 'America/Chicago'), '2025-01-19T11:55:47.000Z  x')
  assert.equal(read('2025-01-19 05:55:47 IST x', 'Asia/Kolkata'), '2025-01-19T00:25:47.000Z  x')
  assert.equal(read('2025-07-19 05:55:47 BST x', 'Europe/London'), '2025-07-19T04:55:47.000Z  x')
  for (const zone of ['UTC', 'Europe/Berlin', '+05:30'])
    assert.equal(read('2025-01-19 05:55:47 CST x', zone), undefined)
  assert.equal(read('2025-07-19 05:55:47 IST x', 'Asia/Shanghai'), undefined)
})

test('clocks are those of a day, of 24 hours or twice 12', () => {
  const read = (text: string): number | undefined => readClock(text, 0)?.ms
  assert.deepEqual(['12:00:00 AM', '12:30:00 PM', '05:00:00.5 PM x', '05:00:00 PMx'].map(read), [
    0,
    12.5 * 3.6e6,
    17 * 3.6e6 + 500,
    5 * 3.6e6,
  ])
  for (const text of ['24:00:00', '05:60:00', '05:00:61', '13:00:00 PM', '00:00:00 AM'])
    assert.equal(read(text), undefined, text)
})
