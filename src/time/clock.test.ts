import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { createTimeStamp, formatFileTime, formatLocalTime } from './clock.ts'

test('a time stamp says what Date says, in any order of times', () => {
  const stamp = createTimeStamp({ utc: true })
  let time = 1_700_000_000_000
  for (let i = 0; i < 20_000; i++) {
    time += [0, 1, 7, 999, 1000, 60_000, -1, -86_400_000, 3_599_123][(i * 7 + (i >> 4)) % 9]!
    const expected = new Date(time).toISOString().replace('T', ' ').replace('Z', '')
    assert.equal(Buffer.from(stamp(time + 0.4)).toString(), expected)
  }
})

test('times that no calendar knows still make a stamp of the same length', () => {
  for (const time of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 8.64e15, -8.64e15, -1]) {
    assert.match(formatFileTime(time, true), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/)
  }
  for (const time of [Number.NaN, 8.64e15, -8.64e15]) {
    assert.match(formatLocalTime(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/)
  }
  assert.equal(formatFileTime(-1, true), '1969-12-31 23:59:59.999')
})

test('local time follows the clock change, to the second', () => {
  const change = Date.UTC(2025, 9, 26, 1)
  const script = `import { formatFileTime as f, formatClock as c, formatLocalTime as l } from ${JSON.stringify(new URL('clock.ts', import.meta.url).href)}
    console.log([f(${change - 1}), f(${change}), f(${change + 3_600_000}), c(${change}), l(${change - 1}), l(${change})].join('|'))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, TZ: 'Europe/Berlin' },
    encoding: 'utf8',
  })
  const withOffset = '2025-10-26T02:59:59.999+02:00|2025-10-26T02:00:00.000+01:00'
  assert.equal(
    stdout.trim(),
    `2025-10-26 02:59:59.999|2025-10-26 02:00:00.000|2025-10-26 03:00:00.000|02:00:00|${withOffset}`,
  )
})
