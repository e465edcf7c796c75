import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSyslogEntries } from './syslog-entries.ts'

const now = Date.UTC(2026, 10, 27)
const frame = (text: string) => ({ bytes: Buffer.from(text, 'latin1') })

test('a message becomes a record; what is none keeps its text and gets its level from it', () => {
  const { read } = openSyslogEntries('127.0.0.1')
  assert.deepEqual(read(frame('<165>1 2026-11-27T05:55:47.606Z web1 shop 4157 ID7 [cart@9 items="3"] sold'), now), {
    message: 'sold',
    time: Date.UTC(2026, 10, 27, 5, 55, 47, 606),
    severity: 9,
    extras: {
      logger: 'shop',
      fields: {
        'host.name': 'web1',
        'process.pid': 4157,
        'syslog.facility': 'local4',
        'log.level': 'notice',
        'syslog.msgid': 'ID7',
        'cart@9': { items: '3' },
      },
    },
  })
  assert.deepEqual(read(frame('no header at all'), now), { message: 'no header at all' })
  assert.equal(read(frame('<14>app: [AUDIT] user removed'), now).kind, 'audit')
})

test('the sender that is another machine is named, and bytes that are no UTF-8 are kept', () => {
  const { read } = openSyslogEntries('10.0.0.7')
  assert.deepEqual(read(frame('caf\xe9'), now), {
    message: 'caf\ufffd',
    extras: {
      fields: {
        'network.peer.address': '10.0.0.7',
        'logboom.bytes': Buffer.from('caf\xe9', 'latin1').toString('base64'),
      },
    },
  })
})

test('the parts of a long message are all of its app and level', () => {
  const { read } = openSyslogEntries('::1')
  const parts = [
    read({ ...frame('<11>app: begin'), fragment: 1 }, now),
    read({ ...frame('<9>middle'), fragment: 2 }, now),
    read({ ...frame('end'), fragment: 3, isLast: true }, now),
    read(frame('<14>other: next'), now),
  ]
  const shown = parts.map(({ message, severity, extras }) => [
    message,
    severity,
    extras?.logger,
    extras?.fields?.['logboom.fragment'],
  ])
  assert.deepEqual(shown, [
    ['begin', 17, 'app', 1],
    ['<9>middle', 17, 'app', 2],
    ['end', 17, 'app', 3],
    ['next', 9, 'other', undefined],
  ])
  assert.equal(parts[2]!.extras?.fields?.['logboom.lastFragment'], true)
})
