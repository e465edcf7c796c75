import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord } from '../../contracts/record.ts'
import { formatCommandLine, formatHubLine, formatRecordLine } from './console-line.ts'

const record: LogRecord = {
  id: 7,
  time: Date.UTC(2025, 9, 19, 5, 55, 47, 606),
  observed: Date.UTC(2025, 9, 19, 5, 55, 48),
  source: 'api',
  run: 1,
  seq: 7,
  stream: 'stdout',
  kind: 'system',
  severity: 9,
  message: 'ready',
  session: 's',
}
const plain = { color: false, utc: true }

test('a record on a merged console, for people and for files', () => {
  assert.equal(formatRecordLine(record, { ...plain, sourceWidth: 6 }), '[05:55:47] api    [INFO] ready')
  const withFields = { ...record, severity: 17, fields: { ms: 3, user: 'Ann Lee' } }
  assert.equal(
    formatRecordLine(withFields, { ...plain, date: true }),
    '2025-10-19 05:55:47.606 api [ERROR] ready ms=3 user="Ann Lee"',
  )
})

test('events say in words what their fields hold', () => {
  const event: LogRecord = { ...record, kind: 'event', message: 'exited with code 1', fields: { code: 1 } }
  assert.equal(formatRecordLine(event, plain), '[05:55:47] api [INFO] [event] exited with code 1')
})

test('a name keeps its colour', () => {
  const colored = (source: string): string => formatRecordLine({ ...record, source }, { color: true })
  assert.equal(colored('api'), colored('api'))
  assert.notEqual(colored('api').replaceAll('api', ''), colored('worker').replaceAll('worker', ''))
})

test('no text commands the terminal or poses as another line', () => {
  const evil = 'a\u001b]0;title\u0007\u001b[2J\r\nb\u001b[31mc\u009b5n'
  for (const color of [false, true]) {
    const hostile = { ...record, message: evil, source: 'x\u001b[2Jy', fields: { '\u001b[2Jk': '\u001b[2J\u202e' } }
    const lines = [
      formatRecordLine(hostile, { color }),
      formatCommandLine({ ...hostile, severity: 17 }, { color }),
      formatHubLine({ time: 0, pid: 1, severity: 9, message: evil }, { color }),
    ]
    for (const line of lines) {
      assert.doesNotMatch(line.replace(/\u001b\[[0-9;]*m/g, ''), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
      assert.match(line, /\n +b/, 'what follows a line feed is indented')
      if (!color) assert.doesNotMatch(line, /\u001b/)
    }
  }
})

test('one command is shown as it printed, unless a line said more of itself', () => {
  const asPrinted = { ...record, time: record.observed, message: '  indented' }
  assert.equal(formatCommandLine(asPrinted, plain), '  indented')
  assert.match(formatCommandLine({ ...record, severity: 17 }, plain), /^\[\d\d:55:47\] \[ERROR\] ready$/)
})
