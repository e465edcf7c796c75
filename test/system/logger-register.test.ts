// An application that knows nothing of Logboom, run by a real hub with --import logboom-logger/register: each record arrives once, with its level
// and logger; and run on its own with LOGBOOM_URL, it sends the same.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { startHub, until, type HubProcess } from '../hub-process.ts'

const root = path.resolve(import.meta.dirname, '../..')
const register = new URL('../../logger/src/register.ts', import.meta.url).href
const code = `
const winston = require('winston')
const bunyan = require('bunyan')
const pino = require('pino')
winston.createLogger({ transports: [new winston.transports.Console({ format: winston.format.simple() })] }).warn('by winston', { a: 1 })
bunyan.createLogger({ name: 'orders' }).error('by bunyan')
pino({ name: 'users' }, pino.destination({ sync: true, dest: 1 })).info('by pino')
console.log('by console')
setTimeout(() => { throw new Error('the end') }, 100)
`

let hub: HubProcess
let directory: string
before(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'logboom-register-'))
  writeFileSync(path.join(directory, 'package.json'), '{"name":"shop"}')
  writeFileSync(path.join(directory, 'app.cjs'), code)
  symlinkSync(path.join(root, 'node_modules'), path.join(directory, 'node_modules'))
  const command = [process.execPath, '--import', register, path.join(directory, 'app.cjs')]
  hub = await startHub({ processes: { web: { command, restart: 'never' } } })
})
after(async () => {
  await hub.close()
  rmSync(directory, { recursive: true })
})

async function assertRecords(source: string, ownLogger: string): Promise<void> {
  const query = `source:${source} kind:system (by OR end)`
  await until('the last words', async () => (await hub.client.summary({ query: `${query} Uncaught` })).count > 0)
  const { records } = await hub.client.search({ query, order: 'oldest' })
  const found = records.filter(({ message }) => /^(by |Uncaught)/.test(message))
  assert.deepEqual(
    found.map(({ logger, severity, message }) => [logger, severity, message.split('\n')[0]]),
    [
      [ownLogger, 13, 'by winston'],
      ['orders', 17, 'by bunyan'],
      ['users', 9, 'by pino'],
      ['console', 9, 'by console'],
      [ownLogger, 21, 'Uncaught: the end'],
    ],
  )
}

test('run by a hub', () => assertRecords('web', 'web'))

test('on its own: crashed, and what it logged arrives with its next start', async () => {
  const logs = path.join(directory, 'tmp')
  const environment = { ...process.env, TMPDIR: logs, LOGBOOM_URL: hub.url, LOGBOOM_PROCESS: 'alone' }
  writeFileSync(path.join(directory, 'next.cjs'), `console.log('next')`)
  for (const file of ['app.cjs', 'next.cjs']) {
    const run = promisify(execFile)(process.execPath, ['--import', register, file], {
      cwd: directory,
      env: environment,
    })
    await run.catch((error: { code: number }) => assert.equal(error.code, file === 'app.cjs' ? 1 : 0))
  }
  await assertRecords('alone', 'alone')
})
