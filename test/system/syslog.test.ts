// Syslog from outside: real senders, hundreds at once, sockets that break, and hubs that are killed.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { readKernelDrops } from '../../src/listen/kernel-drops.ts'
import type { LogRecord } from '../../src/client/index.ts'
import { findTool, requireTool } from '../../scripts/ensure-system.ts'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'
import { numberOracle } from './number-oracle.ts'

/** A port that is free for TCP, and most likely for UDP. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await Promise.race([once(socket, 'connect'), once(socket, 'close')])
  return socket
}

/** Starts, and waits until it listens. */
async function startListening(hub: HubProcess): Promise<void> {
  await hub.start()
  await until('the hub to listen', async () =>
    (await hub.client.sources()).some(({ detail }) => (detail?.match(/listens on/g)?.length ?? 0) === 2),
  )
}

/** An error is no end of waiting here: what follows it is. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.once('drain', resolve))
}

const numbered = (prefix: string, n: number): string =>
  `<14>Oct 19 05:55:47 host app[12]: ${prefix} n=${n} order ${n * 7} of basket ${n % 97}`
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
  const perConnection = 40

  async function send(index: number): Promise<void> {
    const prefix = `c${index}`
    printed.set(prefix, perConnection)
    const socket = await dial(port)
    const messages = Array.from({ length: perConnection }, (_, n) => numbered(prefix, n))
    const text = messages.map((message, n) => (n % 2 === index % 2 ? counted(message) : `${message}\n`)).join('')
    const pieces = index % 10 === 0 ? 20 : 1
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

  const all = await until('the halves', async () => {
    const found = await records(hub)
    return found.filter(({ message }) => message.startsWith('half of')).length === 100 && found
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
    const more = Array.from({ length: 500 }, () => numbered('udp', sent++))
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

/**
 * No sender of syslog is told what has been received. What can be promised all the same: of every connection that a killed hub had,
 * the records are the first so many of those sent, without a hole; what somebody has seen stays; and nothing comes twice.
 */
test('hubs killed under TCP: of each connection everything up to a point, and all that was seen', async (t) => {
  const port = await freePort()
  const hub = prepareHub({ syslog: { net: { udp: port, tcp: port } } })
  t.after(() => hub.close())
  const seen = new Map<string, number>()
  const sent = new Map<string, number>()
  for (const life of [1, 2]) {
    await startListening(hub)
    const prefix = `life${life}`
    const subscription = hub.client.follow(
      { query: `source:net ${prefix}` },
      {
        records(some) {
          for (const { message } of some) seen.set(prefix, Number(/n=(\d+)/.exec(message)![1]) + 1)
        },
      },
    )
    const socket = await dial(port)
    const broken = new Promise((resolve) => socket.on('close', resolve))
    let count = 0
    const sending = (async () => {
      while (!socket.destroyed) {
        const more = Array.from({ length: 10 }, () => `${numbered(prefix, count++)}\n`).join('')
        if (!socket.write(more)) await Promise.race([drained(socket), broken])
        await sleep(1)
      }
    })()
    await until('something to be seen', () => (seen.get(prefix) ?? 0) > 1000)
    await sleep(100)
    await hub.kill()
    await sending
    sent.set(prefix, count)
    subscription.close()
  }
  await startListening(hub)
  const numbers = numberOracle('the store')
  for (const { message } of await records(hub)) numbers.take(message)
  const stored = new Map([...sent.keys()].map((prefix) => [prefix, numbers.count(prefix)]))
  numbers.assertComplete(stored)
  for (const [prefix, count] of stored) {
    assert.ok(count >= seen.get(prefix)!, `${prefix}: ${seen.get(prefix)} were seen, ${count} are stored`)
    assert.ok(count <= sent.get(prefix)!)
  }
  const lasting = await dial(port)
  lasting.write(`${numbered('after', 0)}\n`)
  await until('the next hub to go on', async () => (await hub.client.search({ query: 'after' })).records.length === 1)
  lasting.destroy()
})
