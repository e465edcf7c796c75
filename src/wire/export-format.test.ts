import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyBatch, type RecordBatch } from '../contracts/batch.ts'
import type { ExportFormat } from '../contracts/request.ts'
import { kinds, streams, type LogRecord } from '../contracts/record.ts'
import { openServices } from '../text/services.ts'
import { exportFormat } from './export-format.ts'

const record: LogRecord = {
  id: 7,
  time: Date.parse('2025-10-19T05:55:47.606Z'),
  observed: Date.parse('2025-10-19T05:55:47.607Z'),
  source: 'api',
  run: 2,
  seq: 3,
  stream: 'stderr',
  kind: 'system',
  severity: 17,
  logger: 'http',
  message: 'refused: "db", \u001b[31mtwice\u001b[0m\nat port 80',
  fields: { port: 80, host: 'a b' },
  session: 's-1',
}

function batchOf(record: LogRecord): RecordBatch {
  const text = Buffer.from(record.message)
  const { logger, fields } = record
  return {
    ...emptyBatch,
    source: record.source,
    run: record.run,
    session: record.session,
    count: 1,
    text,
    start: Uint32Array.of(0),
    end: Uint32Array.of(text.length),
    id: Float64Array.of(record.id),
    seq: Float64Array.of(record.seq),
    time: Float64Array.of(record.time),
    observed: Float64Array.of(record.observed),
    stream: Uint8Array.of(streams.indexOf(record.stream)),
    kind: Uint8Array.of(kinds.indexOf(record.kind)),
    severity: Uint8Array.of(record.severity),
    extras: () => ({ ...(logger === undefined ? {} : { logger }), ...(fields ? { fields } : {}) }),
  }
}

const services = openServices()

function formatted(format: ExportFormat, each: LogRecord, utc = false): string {
  return exportFormat(format, { services, utc }).format(batchOf(each), 0)
}

test('NDJSON has everything, a line for each', () => {
  assert.equal(exportFormat('ndjson', { services }).head, '')
  assert.match(formatted('ndjson', record), /^[^\n]*\n$/)
  assert.deepEqual(JSON.parse(formatted('ndjson', record)), { ...record, level: 'ERROR', service: 'Http' })
})

test('text is safe to print, and a record begins where a line begins with a time', () => {
  assert.equal(
    formatted('text', record, true),
    '2025-10-19 05:55:47.606 api [ERROR] refused: "db", twice\n    at port 80 port=80 host="a b"\n',
  )
  const started = { ...record, kind: 'event', severity: 9, message: 'started', fields: { pid: 1 } } as const
  assert.equal(formatted('text', started, true), '2025-10-19 05:55:47.606 api [INFO] [event] started\n')
})

test('CSV keeps quotes, commas and line feeds, and no cell is a formula', () => {
  const { head } = exportFormat('csv', { services })
  assert.equal(head.split(',').length, 17)
  assert.ok(head.endsWith('session,service\r\n'))
  assert.equal(
    formatted('csv', record),
    '7,2025-10-19T05:55:47.606Z,2025-10-19T05:55:47.607Z,api,2,3,stderr,system,17,ERROR,http,' +
      '"refused: ""db"", twice\nat port 80","{""port"":80,""host"":""a b""}",,,s-1,Http\r\n',
  )
  const cell = (message: string): string =>
    formatted('csv', { ...record, logger: '', message, fields: undefined! })
      .split('ERROR,,')[1]!
      .split(',,,,')[0]!
  for (const formula of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1']) assert.equal(cell(formula), `'${formula}`)
  assert.equal(cell('=HYPERLINK("x")'), `"'=HYPERLINK(""x"")"`)
  assert.equal(cell('1-1'), '1-1')
  assert.match(formatted('csv', { ...record, time: 1e300 }), /^7,1e\+300,/)
})
