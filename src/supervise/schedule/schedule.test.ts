// When firings come, which of them are on time, and what is wrong with what people write.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultOfCron, findDue, lateMs, scheduleOf, type ScheduleOptions } from './schedule.ts'

const open = (options: Partial<ScheduleOptions>) => scheduleOf({ overlap: 'skip', catchUp: false, ...options })!
const at = (text: string): number => Date.parse(text)
const firings = (options: Partial<ScheduleOptions>, from: string, count: number): string[] => {
  const schedule = open(options)
  const found: string[] = []
  for (let time = at(from); found.length < count; found.push(new Date(time).toISOString().slice(5, 16)))
    time = schedule.next(time)!
  return found
}

test('fields, names, nicknames and full multiples', () => {
  const utc = { timeZone: 'UTC' }
  const expected: [options: Partial<ScheduleOptions>, firings: string[]][] = [
    [{ ...utc, schedule: '*/20 * * * *' }, ['03-01T10:20', '03-01T10:40', '03-01T11:00']],
    [{ ...utc, schedule: '30 8-9 * * MON' }, ['03-02T08:30', '03-02T09:30', '03-09T08:30']],
    [{ ...utc, schedule: '0 0 13 * fri' }, ['03-06T00:00', '03-13T00:00', '03-20T00:00']],
    [{ ...utc, schedule: '0 12 29 feb *' }, ['02-29T12:00', '02-29T12:00', '02-29T12:00']],
    [{ ...utc, schedule: '@daily' }, ['03-02T00:00', '03-03T00:00', '03-04T00:00']],
    [{ every: 45 * 60_000 }, ['03-01T10:30', '03-01T11:15', '03-01T12:00']],
  ]
  for (const [options, times] of expected)
    assert.deepEqual(firings(options, '2026-03-01T10:00:00Z', 3), times, JSON.stringify(options))
  assert.equal(scheduleOf({ overlap: 'skip', catchUp: false }), undefined)
})

test('where the clock is put forward a firing comes when the hour is over, where it is put back it comes once', () => {
  const nightly = { schedule: '30 2 * * *', timeZone: 'Europe/Berlin' }
  assert.deepEqual(firings(nightly, '2026-03-28T12:00:00Z', 2), ['03-29T01:00', '03-30T00:30'])
  assert.deepEqual(firings(nightly, '2026-10-24T12:00:00Z', 2), ['10-25T00:30', '10-26T01:30'])
  const often = { schedule: '*/30 * * * *', timeZone: 'Europe/Berlin' }
  assert.deepEqual(firings(often, '2026-10-25T00:10:00Z', 3), ['10-25T00:30', '10-25T01:00', '10-25T01:30'])
})

test('what is wrong is told by its field', () => {
  const wrong: [text: string, fault: RegExp][] = [
    ['61 * * * *', /^the minute "61" is not understood; right would be 0 to 59/],
    ['0 24 * * *', /^the hour "24"/],
    ['0 0 0 * *', /^the day of the month "0"/],
    ['0 0 1 foo *', /^the month "foo" .* JAN to DEC/],
    ['0 0 * * 9', /^the day of the week "9"/],
    ['*/0 * * * *', /^the minute "\*\/0"/],
    ['0 0 * *', /^has 4 fields; right would be five \(minute, hour/],
    ['0 0 * * * *', /^has 6 fields/],
    ['0 0 31 2 *', /no such day/],
    ['@reboot', /^"@reboot" is not known; there are @yearly/],
    ['2030-01-01T00:00:00', /^has 1 field;/],
  ]
  for (const [text, fault] of wrong) assert.match(faultOfCron(text) ?? 'nothing', fault, text)
  for (const right of ['* * * * *', '1,3 8-17/2 L * mon-fri', '@Hourly'])
    assert.equal(faultOfCron(right), undefined, right)
})

test('a firing may be late for a while; what is later was missed, and of very many only so many are counted', () => {
  const schedule = open({ every: 60_000 })
  const start = at('2026-03-01T10:00:00Z')
  assert.deepEqual(findDue(schedule, start, start + 59_999), { firing: undefined, missed: [], missedMore: false })
  const late = findDue(schedule, start, start + 120_000 + lateMs)
  assert.deepEqual(late, { firing: start + 120_000, missed: [start + 60_000], missedMore: false })
  const later = findDue(schedule, start, start + 120_001 + lateMs)
  assert.deepEqual([later.firing, later.missed.length], [undefined, 2])
  const away = findDue(schedule, start, start + 86_400_000)
  assert.deepEqual([away.firing, away.missed.length, away.missedMore], [start + 86_400_000, 1000, true])
})
