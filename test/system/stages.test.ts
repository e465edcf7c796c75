// What stages do, seen from outside: in the store, in the log file, over a kill of the hub.
import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareHub, until } from '../hub-process.ts'

const secret = 'hunter2hunter2'
const keyLines = [
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQ',
  'x7Jk0aRrQ8mZ5bYc1TgLw3nVd2',
  '-----END PRIVATE KEY-----',
]

test('traces are one record, secrets are nowhere, rules leave out and count; a hub killed in the middle changes nothing', async (t) => {
  const hub = prepareHub({
    files: {
      app: { paths: 'app.log', start: 'beginning' },
      plain: { paths: 'plain.log', start: 'beginning' },
    },
    stages: {
      drop: { rules: [{ query: 'level:debug' }] },
      sources: { plain: { joinLines: false, redact: false, drop: false } },
    },
  })
  t.after(() => hub.close())
  const write = (text: string): void => {
    for (const name of ['app.log', 'plain.log']) appendFileSync(path.join(hub.directory, name), text)
  }
  const messagesOf = async (source: string): Promise<string[]> => {
    const messages: string[] = []
    for await (const { message, kind } of hub.records(`source:${source}`)) if (kind === 'system') messages.push(message)
    return messages
  }
  for (const name of ['app.log', 'plain.log']) writeFileSync(path.join(hub.directory, name), '')
  await hub.start()
  write(`first password=${secret}\nDEBUG one\n`)
  write('Traceback (most recent call last):\n  File "a.py", line 1, in f\n')
  await sleep(30)
  write('ValueError: no\nDEBUG two\n')
  write(`${keyLines.slice(0, 2).join('\n')}\n`)
  await until('the key has begun', async () => (await messagesOf('app')).length >= 4)
  await hub.kill()
  write(`${keyLines.slice(2).join('\n')}\nDEBUG three\nlast\n`)
  await hub.start()
  await until(
    'the last line',
    async () => (await messagesOf('app')).at(-1) === 'last' && (await messagesOf('plain')).at(-1) === 'last',
  )

  const mask = '***'
  assert.deepEqual(await messagesOf('app'), [
    `first password=${mask}`,
    'Traceback (most recent call last):\n  File "a.py", line 1, in f\nValueError: no',
    keyLines[0],
    mask,
    mask,
    keyLines[3],
    'last',
  ])
  assert.equal((await messagesOf('plain')).length, 12)
  const log = path.join(hub.stateDirectory, 'logs/app.log')
  await until('the log file', () => readFileSync(log, 'utf8').includes('last'))
  assert.doesNotMatch(readFileSync(log, 'utf8'), new RegExp(`${secret}|${keyLines[1]}|${keyLines[2]}`))

  const body = JSON.stringify({ message: `token=${secret}`, db: { password: secret } })
  const answer = await fetch(`${hub.url}/api/v1/ingest?source=shop`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body,
  })
  assert.equal(answer.status, 200)
  const [shop] = (await hub.client.search({ query: 'source:shop' })).records
  assert.deepEqual([shop?.message, shop?.fields], [`token=${mask}`, { db: { password: mask }, 'logboom.masked': 2 }])
  assert.equal((await hub.command('count', 'has:logboom.masked', 'source:shop')).stdout.trim(), '1')
  await hub.end('SIGTERM')

  const { code, stdout } = await hub.command('verify')
  assert.equal(code, 0, stdout)
  assert.match(stdout, /^app +1 +10 +7 +0 +3 +0 +0$/m)
})

test('a line has a time where it says its own, and no wrong one', async (t) => {
  const day = new Date(Date.now() - 3_600_000).toISOString().slice(0, 19)
  const own = Date.parse(`${day}Z`)
  const [date, clock] = day.split('T') as [string, string]
  const [weekday, dayOfMonth, month, year] = new Date(own).toUTCString().replace(',', '').split(' ')
  const lines: [line: string, time: number | undefined, severity: number][] = [
    [`ERROR ${date} ${clock},123 views 4157 140134 no stock`, own + 123, 17],
    [`WARN  [${date} ${clock},123] org.example.Server: slow`, own + 123, 13],
    [`${weekday} ${month} ${dayOfMonth} ${clock} UTC ${year} started`, own, 9],
    [`${weekday} ${month} ${dayOfMonth} ${clock} EST ${year} started`, own + 5 * 3_600_000, 9],
    [`${weekday} ${month} ${dayOfMonth} ${clock} CST ${year} started`, undefined, 9],
    [`Restored 2020-01-01 00:00:00 from ${date}`, undefined, 9],
    ['ERROR: 2020-01-01 00:00:00 is before the epoch', undefined, 17],
    ['2020-01-01 00:00:00 to 2020-02-01 00:00:00: 17 orders', undefined, 9],
    ['2020-01-01 00:00:00,17.5,ok', undefined, 9],
  ]
  const hub = prepareHub({
    files: { app: { paths: 'app.log', start: 'beginning' } },
    stages: { parse: { timezone: 'UTC' } },
  })
  t.after(() => hub.close())
  writeFileSync(path.join(hub.directory, 'app.log'), lines.map(([line]) => `${line}\n`).join(''))
  await hub.start()
  const records = await until('all lines', async () => {
    const { records: found } = await hub.client.search({ query: 'source:app kind:system', order: 'oldest' })
    return found.length === lines.length && found
  })
  assert.deepEqual(
    records.map(({ time, observed, severity }) => [Math.abs(time - observed) < 1 ? undefined : time, severity]),
    lines.map(([, time, severity]) => [time, severity]),
  )
})
