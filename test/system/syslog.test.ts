// Syslog from outside: real senders, hundreds at once, sockets that break, and hubs that are killed.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { readKernelDrops } from '../../src/listen/kernel-drops.ts'
import type { LogRecord } from '../../src/client/index.ts'
import { findTool, requireTool } from '../../scripts/ensure-system.ts'
import { freePort } from '../free-port.ts'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'
import { numberOracle } from './number-oracle.ts'
import { surviveSyslogKills } from './survive-syslog-kills.ts'
import { dial, numberedMessage, startListening } from './syslog-senders.ts'

const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`

async function records(hub: HubProcess): Promise<LogRecord[]> {
  const all: LogRecord[] = []
  for await (const record of hub.records('source:net')) all.push(record)
  return all
}

test('senders of all kinds', async (t) => {
  const port = await freePort()
  const hub = prepareHub({ syslog: { net: port } })
  t.after(() => hub.close())
  await startListening(hub)
  await t.test('what logger sends comes as records with their app, level and fields', requireTool('logger'), () =>
    sendByLogger(hub, port),
  )
  await t.test('500 connections, some slow and some broken', () => sendOverConnections(hub, port))
  await t.test('datagrams that a stopped hub cannot take are counted', () => sendTooManyDatagrams(hub, port))
  assert.equal((await hub.command('verify')).code, 0)
})

async function sendByLogger(hub: HubProcess, port: number): Promise<void> {
  const log = (...words: string[]): Promise<unknown> =>
    promisify(execFile)(findTool('logger')!, ['-n', '127.0.0.1', '-P', String(port), '-t', 'shop', ...words])
  const structured = ['--sd-id', 'cart@9', '--sd-param', 'items="3"']
  await log('-d', '--rfc3164', '-p', 'mail.err', '--id=77', 'one')
  await log('-T', '--rfc5424', '-p', 'local0.notice', '--msgid', 'ID7', ...structured, 'two')
  await log('-T', '--octet-count', '--rfc5424=notime,nohost', '-p', 'daemon.debug', 'three')
  await until('three records', async () => (await hub.client.search({ query: 'logger:shop' })).records.length === 3)
  const found = (await records(hub)).filter(({ kind }) => kind === 'system').toSorted((a, b) => a.seq - b.seq)
  const byMessage = new Map(found.map((record) => [record.message, record]))
  const [one, two, three] = ['one', 'two', 'three'].map((message) => byMessage.get(message)!)
  assert.deepEqual([one!.severity, two!.severity, three!.severity], [17, 9, 5])
  assert.equal(one!.fields?.['process.pid'], 77)
  assert.equal(one!.fields?.['syslog.facility'], 'mail')
  assert.ok(Math.abs(one!.time - one!.observed) < 3_600_000, 'this year, in this zone')
  assert.equal(two!.fields?.['syslog.msgid'], 'ID7')
  assert.deepEqual(two!.fields?.['cart@9'], { items: '3' })
  assert.ok(Math.abs(two!.time - two!.observed) < 60_000)
  assert.equal(three!.logger, 'shop')
}

async function sendOverConnections(hub: HubProcess, port: number): Promise<void> {
  const printed = new Map<string, number>()
  const halves: string[] = []
  const perConnection = 10

  async function send(index: number): Promise<void> {
    const prefix = `c${index}`
    printed.set(prefix, perConnection)
    const socket = await dial(port)
    const messages = Array.from({ length: perConnection }, (_, n) => numberedMessage(prefix, n))
    const text = messages.map((message, n) => (n % 2 === index % 2 ? counted(message) : `${message}\n`)).join('')
    const pieces = index % 10 === 0 ? 10 : 1
    for (let piece = 0; piece < pieces; piece++) {
      const cut = (at: number): number => Math.floor((text.length * at) / pieces)
      socket.write(text.slice(cut(piece), cut(piece + 1)))
      if (pieces > 1) await sleep(20)
    }
    // Every fifth leaves a half behind, and every other of these in a way that is no end at all.
    const half = `<14>app: half of ${prefix}`
    if (index % 5 === 0) {
      halves.push(half)
      await new Promise((resolve) => socket.write(`999 ${half}`, resolve))
    }
    await until(`${prefix} to be read`, () => socket.bytesWritten >= text.length)
    if (index % 10 === 5) socket.resetAndDestroy()
    else socket.end()
    await once(socket, 'close')
  }
  await Promise.all(Array.from({ length: 500 }, (_, index) => send(index)))

  const all = await until('all messages and halves', async () => {
    const found = await records(hub)
    const count = (isOne: (message: string) => boolean) => found.filter(({ message }) => isOne(message)).length
    const isAll =
      count((message) => message.startsWith('half of')) === 100 &&
      count((message) => message.includes(' n=')) >= printed.size * perConnection
    return isAll && found
  })
  const numbers = numberOracle('the store')
  for (const { message } of all) numbers.take(message)
  numbers.assertComplete(printed)
  const cut = all.filter(({ kind, fields }) => kind === 'gap' && fields?.['cause'] === 'cut-off')
  const missing = (numbers: number[]): number[] => numbers.toSorted((a, b) => a - b)
  assert.deepEqual(
    missing(cut.map(({ fields }) => Number(fields?.['bytes']))),
    missing(halves.map((half) => 999 - half.length)),
  )
}

async function sendTooManyDatagrams(hub: HubProcess, port: number): Promise<void> {
  const socket = createSocket('udp4')
  let sent = 0
  process.kill(hub.pid, 'SIGSTOP')
  while (!readKernelDrops({ host: '127.0.0.1', port })) {
    const more = Array.from({ length: 500 }, () => numberedMessage('udp', sent++))
    await Promise.all(more.map((text) => new Promise((resolve) => socket.send(text, port, '127.0.0.1', resolve))))
  }
  process.kill(hub.pid, 'SIGCONT')
  socket.close()
  await until('every datagram to be accounted for', async () => isAccounted(await records(hub), sent))
}

/** All are there in their order, or missing with a gap that counts them. */
function isAccounted(all: LogRecord[], sent: number): boolean {
  const numbers = all.flatMap(({ message }) =>
    message.startsWith('udp ') ? [Number(/n=(\d+)/.exec(message)![1])] : [],
  )
  const missing = all.reduce((sum, { fields }) => sum + Number(fields?.['lines'] ?? 0), 0)
  assert.ok(
    numbers.every((number, index) => index === 0 || number > numbers[index - 1]!),
    'in order, none twice',
  )
  assert.ok(numbers.length + missing <= sent)
  return numbers.length + missing === sent && missing > 0
}

test('hubs killed under TCP: of each connection everything up to a point, and all that was seen', async () => {
  await surviveSyslogKills({ livesMs: [100], connections: 3 })
})
