import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lineCases as cases, type LineCase } from '../../../test/contract/line-cases.ts'
import { makeAppFolder } from '../app-harness.ts'
import { fieldsOfJson } from './field-texts.ts'
import { createConsoleLine, createFileLine, type Entry } from './line-texts.ts'

/** pino's number. */
const valueOf = (severity: number): number => (Math.floor((severity - 1) / 4) + 1) * 10

function entryOf({ time, severity, kind, message, fields }: LineCase['record']): Entry {
  const json = fields ? `,${JSON.stringify(fields).slice(1, -1)}` : ''
  return {
    time,
    value: valueOf(severity),
    logger: 'api',
    message,
    fields: fieldsOfJson(json),
    kind,
  }
}

for (const { name, record, file, console, colored } of cases) {
  test(`lines of file and console: ${name}`, () => {
    const entry = entryOf(record)
    assert.equal(createFileLine(true, record.pid)(entry), `${file}\n`)
    assert.equal(createConsoleLine(true, record.pid, false)(entry), `${console}\n`)
    assert.equal(createConsoleLine(true, record.pid, true)(entry), `${colored}\n`)
  })
}

/** An application's calls for the cases, at their times and as their process. */
const calls = `
const [cases] = [JSON.parse(process.argv[2])]
Object.defineProperty(process, 'pid', { value: 4157 })
let now = 0
Date.now = () => now
const logger = getLogger('api', { logDir, utc: true, level: 'trace' })
for (const { time, severity, kind, message, fields } of cases) {
  now = time
  const method = ['trace', 'debug', 'info', 'warning', 'error', 'critical'][Math.floor((severity - 1) / 4)]
  logger[method]({ ...fields, ...(kind === 'audit' && { is_audit: true }), msg: message })
}
`

for (const color of [false, true]) {
  test(`an application that logs the cases has their lines in file and ${color ? 'coloured ' : ''}console`, async (t) => {
    const app = makeAppFolder(t)
    const own = cases.filter(({ record }) => record.kind === 'system' || record.kind === 'audit')
    assert.ok(own.length > 12)
    const records = JSON.stringify(own.map(({ record }) => record))
    const { stdout, stderr } = await app.run(calls, color ? { FORCE_COLOR: '1' } : {}, records)
    assert.equal(stderr, '')
    assert.equal(stdout, own.map((each) => `${color ? each.colored : each.console}\n`).join(''))
    assert.equal(app.read('api.log'), own.map(({ file }) => `${file}\n`).join(''))
  })
}
