// Syslog messages of both RFCs, as the RFCs give them, as programs send them, and as files have them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCalendar } from '../time/calendar.ts'
import { parseSyslog, readSyslogHeader, shapeSyslog, type SyslogMessage } from './syslog.ts'

const utc = openCalendar('UTC')
const captured = Date.UTC(2025, 9, 19, 6, 0, 0)
const parse = (text: string) => parseSyslog(text, captured, utc)

test('RFC 3164', () => {
  const cases: [string, SyslogMessage][] = [
    [
      "<34>Oct 11 22:14:15 mymachine su[12]: 'su root' failed for lonvick on /dev/pts/8",
      {
        facility: 4,
        level: 2,
        time: Date.UTC(2025, 9, 11, 22, 14, 15),
        host: 'mymachine',
        app: 'su',
        processId: '12',
        message: "'su root' failed for lonvick on /dev/pts/8",
      },
    ],
    // As /dev/log gets it: no host.
    [
      '<13>Oct  9 05:55:47 app: no stock',
      { facility: 1, level: 5, time: Date.UTC(2025, 9, 9, 5, 55, 47), app: 'app', message: 'no stock' },
    ],
    // Without tag, without time, and with nothing at all: a receiver takes what it gets.
    [
      '<0>Oct 9 05:55:47 host it is all over',
      { facility: 0, level: 0, time: Date.UTC(2025, 9, 9, 5, 55, 47), host: 'host', message: 'it is all over' },
    ],
    ['<13>app[7]: no time', { facility: 1, level: 5, app: 'app', processId: '7', message: 'no time' }],
    ['<191>what a day', { facility: 23, level: 7, message: 'what a day' }],
    ['<13>', { facility: 1, level: 5, message: '' }],
    [
      '<189>Oct 19 05:55:47.606: %SYS-5-CONFIG_I: Configured',
      {
        facility: 23,
        level: 5,
        time: Date.UTC(2025, 9, 19, 5, 55, 47, 606),
        app: '%SYS-5-CONFIG_I',
        message: 'Configured',
      },
    ],
    [
      '<13>2025-10-19T05:55:47.606+02:00 host app: x',
      {
        facility: 1,
        level: 5,
        time: Date.UTC(2025, 9, 19, 3, 55, 47, 606),
        host: 'host',
        app: 'app',
        message: 'x',
      },
    ],
  ]
  for (const [text, expected] of cases) assert.deepEqual(parse(text), expected, text)
})

test('RFC 5424', () => {
  assert.deepEqual(
    parse(
      '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog 8710 ID47 ' +
        '[exampleSDID@32473 iut="3" eventSource="App \\"x\\" \\]"][b __proto__="y"] \ufeffAn event',
    ),
    {
      facility: 20,
      level: 5,
      time: Date.UTC(2003, 9, 11, 22, 14, 15, 3),
      host: 'mymachine.example.com',
      app: 'evntslog',
      processId: '8710',
      messageId: 'ID47',
      structured: {
        'exampleSDID@32473': { iut: '3', eventSource: 'App "x" ]' },
        b: JSON.parse('{"__proto__":"y"}'),
      },
      message: 'An event',
    },
  )
  assert.deepEqual(parse('<34>1 - - - - - -'), { facility: 4, level: 2, message: '' })
  assert.deepEqual(parse('<34>1 - h - - - - x'), { facility: 4, level: 2, host: 'h', message: 'x' })
  // Without priority, as some files have it.
  assert.equal(parse('1 2025-10-19T05:55:47Z h app 7 - - x')?.app, 'app')
  // Structured data that is not whole is message: nothing gets lost.
  assert.equal(parse('<34>1 - h a - - [x y="1" rest')?.message, '[x y="1" rest')
  assert.equal(parse('<34>1 - h a - - [x y="1"]rest')?.message, '[x y="1"]rest')
})

test('lines of files, without priority: only what has time and tag', () => {
  assert.deepEqual(parse('Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure'), {
    time: Date.UTC(2025, 5, 14, 15, 16, 1),
    host: 'combo',
    app: 'sshd(pam_unix)',
    processId: '19939',
    message: 'authentication failure',
  })
  assert.deepEqual(parse('2025-10-19T05:55:47.606123+02:00 host systemd[1]: Started'), {
    time: Date.UTC(2025, 9, 19, 3, 55, 47, 606) + 0.123,
    host: 'host',
    app: 'systemd',
    processId: '1',
    message: 'Started',
  })
  for (const rest of [
    'last message repeated 2 times',
    '-- MARK --',
    'syslogd 1.4.1: restart.',
    ' -- root[2421]: ROOT LOGIN ON tty2',
  ]) {
    assert.equal(parse(`Oct 19 05:55:47 host ${rest}`)?.message, rest)
  }
  for (const line of [
    'Oct 19 05:55:47 was a fine moment',
    'Oct 19 05:55:47',
    'x',
    '',
    '<192>x',
    '<>x',
    '1 x',
    'app: x',
  ])
    assert.equal(parse(line), undefined, line)
})

test('the missing year is the latest that is not later than a day from the capture', () => {
  const yearOf = (text: string, at: number) => new Date(parseSyslog(text, at, utc)!.time!).getUTCFullYear()
  assert.equal(yearOf('<1>Dec 31 23:59:59 h a: x', Date.UTC(2026, 0, 1)), 2025)
  assert.equal(yearOf('<1>Jan  1 00:00:01 h a: x', Date.UTC(2025, 11, 31, 23)), 2026)
  assert.equal(yearOf('<1>Jan  1 12:00:00 h a: x', Date.UTC(2025, 11, 31, 11)), 2025)
  assert.equal(yearOf('<1>Feb 29 12:00:00 h a: x', Date.UTC(2027, 5, 1)), 2024)
})

test('the zone of a time without one is the calendar', () => {
  const berlin = openCalendar('Europe/Berlin')
  const at = (text: string) => new Date(parseSyslog(text, captured, berlin)!.time!).toISOString()
  assert.equal(at('<1>Jul  1 12:00:00 h a: x'), '2025-07-01T10:00:00.000Z')
  assert.equal(at('<1>Jan  1 12:00:00 h a: x'), '2025-01-01T11:00:00.000Z')
  // The night on which clocks go forward, and a time that comes twice.
  assert.equal(at('<1>Mar 30 03:30:00 h a: x'), '2025-03-30T01:30:00.000Z')
  assert.match(at('<1>Oct 26 02:30:00 2024 h a: x'), /^2024-10-26T00:30/)
})

test('as parts of a record', () => {
  assert.deepEqual(shapeSyslog(parse('<165>1 2025-10-19T05:55:47Z h app 7 ID47 [o ip="1"] x')!), {
    time: Date.UTC(2025, 9, 19, 5, 55, 47),
    severity: 9,
    logger: 'app',
    fields: {
      'host.name': 'h',
      'process.pid': 7,
      'syslog.facility': 'local4',
      'log.level': 'notice',
      'syslog.msgid': 'ID47',
      o: { ip: '1' },
    },
  })
  assert.deepEqual(shapeSyslog(parse('<11>x')!), { severity: 17, fields: { 'syslog.facility': 'user' } })
  assert.deepEqual(shapeSyslog({}), {})
})

test('hostile messages are read in time that grows with their length', () => {
  const long = 1_000_000
  const hostile = [
    `<13>${'x'.repeat(long)}`,
    `<13>Oct 19 05:55:47 ${'x '.repeat(long / 2)}`,
    `<13>Oct 19 05:55:47 h ${'['.repeat(long)}`,
    `<13>1 - h a p m ${'[x '.repeat(long / 3)}`,
    `<13>1 - h a p m [x${' y="1"'.repeat(long / 6)}`,
    `<13>1 - h a p m [x y="${'\\"'.repeat(long / 2)}`,
    `<13>1 - h a p m [x y="${'a'.repeat(long)}`,
    `<13>1 - h a p m ${'[x]'.repeat(long / 3)}`,
    `<13>Oct 19 05:55:47.${'9'.repeat(long)} h a: x`,
  ]
  for (const text of hostile) {
    const header = readSyslogHeader(text, captured, utc)!
    assert.ok(header.to <= text.length)
  }
})
