import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readJournalEntry } from './journal-entry.ts'
import { readJournalLines, type JournalLine } from './journal-lines.ts'

const base = { __CURSOR: 's=1;i=2', __REALTIME_TIMESTAMP: '1764283200123456', _HOSTNAME: 'here' }

function read(fields: Record<string, unknown>, more: string[] = []) {
  return readJournalEntry(JSON.stringify({ ...base, ...fields }), 'here', more)
}

test('an entry becomes a record with unit, process and level', () => {
  assert.deepEqual(
    read({
      MESSAGE: 'cannot sell',
      PRIORITY: '3',
      SYSLOG_IDENTIFIER: 'shop',
      SYSLOG_FACILITY: '3',
      _SYSTEMD_UNIT: 'shop.service',
      _PID: '4157',
      _COMM: 'node',
      CODE_LINE: '12',
    }),
    {
      cursor: 's=1;i=2',
      entries: [
        {
          message: 'cannot sell',
          time: 1764283200123.456,
          severity: 17,
          extras: {
            logger: 'shop',
            fields: {
              'process.pid': 4157,
              'syslog.facility': 'daemon',
              'systemd.unit': 'shop.service',
              'code.line.number': 12,
            },
          },
        },
      ],
    },
  )
})

test('bytes, fields that are there twice, hosts and fields that were asked for', () => {
  const bytes = [0x63, 0xe9, 0x0a]
  const { entries } = read({ MESSAGE: bytes, _HOSTNAME: 'there', ORDER_ID: ['7', '8'], OTHER: 'x' }, [
    'ORDER_ID',
    'ABSENT',
  ])
  assert.equal(entries[0]!.message, 'c\ufffd\n')
  assert.deepEqual(entries[0]!.extras!.fields, {
    'host.name': 'there',
    'logboom.bytes': Buffer.from(bytes).toString('base64'),
    ORDER_ID: ['7', '8'],
  })
  assert.equal(read({ MESSAGE: Array.from(Buffer.from('\x1b[1mbold')) }).entries[0]!.message, '\x1b[1mbold')
  assert.equal(read({ MESSAGE: null }).entries[0]!.message, '')
  assert.equal(read({}).entries[0]!.message, '')
})

test('what a service prints has the level that its text names', () => {
  const severity = (fields: Record<string, unknown>): number | undefined => read(fields).entries[0]!.severity
  assert.equal(severity({ _TRANSPORT: 'stdout', PRIORITY: '6' }), undefined)
  assert.equal(severity({ _TRANSPORT: 'stdout', PRIORITY: '3' }), 17)
  assert.equal(severity({ _TRANSPORT: 'journal', PRIORITY: '6' }), 9)
})

test('a message that is too long comes in parts', () => {
  const message = `${'x'.repeat(256 * 1024 - 1)}🪵${'y'.repeat(10)}`
  const { entries } = read({ MESSAGE: message })
  assert.equal(entries.map((entry) => entry.message).join(''), message)
  assert.ok(entries.every((entry) => entry.message.isWellFormed()))
  assert.deepEqual(
    entries.map(({ extras }) => [extras?.fields?.['logboom.fragment'], extras?.fields?.['logboom.lastFragment']]),
    [
      [1, undefined],
      [2, true],
    ],
  )
})

test('lines are whole however they come, and one that cannot be held is told with its length', async () => {
  const text = Buffer.from('one\n{"é":2}\n\nvery much too long\nlast\nnot ended')
  for (const size of [1, 2, 5, 100]) {
    const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
      text.subarray(i * size, (i + 1) * size),
    )
    const lines: JournalLine[] = []
    for await (const some of readJournalLines(stream(chunks), 10)) lines.push(...some)
    const shown = lines.map((line) => (Buffer.isBuffer(line) ? line.toString() : line.tooLongBytes))
    assert.deepEqual(shown, ['one', '{"é":2}', '', 18, 'last'], `${size} bytes at a time`)
  }
})

async function* stream(chunks: Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk)
}
