// Followers in a process of their own: each counts the lines it gets and ends everything when one is missing, comes twice or comes out
// of order. One of them takes its messages apart as its protocol has them; the others look at bytes, which costs less.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { WebSocket } from 'ws'
import { openHistogram } from './histogram.ts'
import { nowUs, openLineScanner } from './marked-lines.ts'
import type { AudienceOrder, AudienceReport, AudienceRequest } from './open-audience.ts'

const { url, path, headers, hello, clients, reading } = JSON.parse(process.argv[2]!) as AudienceRequest
const slowBytes = 16 * 1024
const slowEveryMs = 500
/** Socket.IO's answer to a ping, which may come unasked. */
const pong = '3'
const pongEveryMs = 10_000
const isSocketIo = path.startsWith('/socket.io/')

/** Number of the newest line of each client. */
const newest = Array.from({ length: clients }, () => -1)
const latencies = openHistogram()
let order: AudienceOrder = { from: Infinity, count: 0 }
let deliveries = 0

function say(report: AudienceReport): void {
  process.send!(report)
}

function fail(text: string): void {
  say({ type: 'wrong', text })
  process.exit(1)
}

function openCounter(client: number): (bytes: Buffer) => void {
  const { scan } = openLineScanner()
  return (bytes) => {
    const now = nowUs()
    scan(bytes, (n, stampUs) => {
      // Of what came before there may be some that is shown once more.
      if (n < order.from) return
      if (n !== newest[client]! + 1) fail(`client ${client}: after line ${newest[client]} came ${n}`)
      newest[client] = n
      deliveries++
      latencies.add((now - stampUs) / 1000)
      if (deliveries === order.count * clients) tell()
    })
  }
}

/** Nobody has more than all, so when that many have come each has all. */
function tell(): void {
  say({ type: 'done', deliveries, p50Ms: latencies.quantile(0.5), p99Ms: latencies.quantile(0.99) })
}

/** A text message of a client, masked by nothing: zeros are a mask, too. */
function textFrame(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.from([0x81, 0x80 | bytes.length, 0, 0, 0, 0]), bytes])
}

async function openRaw(client: number): Promise<void> {
  const { hostname, port, host } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  await once(socket, 'connect')
  const own = { Host: host, Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13', ...headers }
  const key = randomBytes(16).toString('base64')
  const head = Object.entries({ ...own, 'Sec-WebSocket-Key': key }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`GET ${path} HTTP/1.1\r\n${head.join('')}\r\n`)
  const [answered] = (await once(socket, 'data')) as [Buffer]
  if (!answered.toString('latin1').startsWith('HTTP/1.1 101')) fail(answered.toString('latin1'))
  for (const text of hello) socket.write(textFrame(text))
  if (isSocketIo) setInterval(() => socket.write(textFrame(pong)), pongEveryMs)
  socket.on('close', () => fail(`client ${client} was closed`))
  if (reading === 'never') return void socket.pause()
  if (reading === 'slowly') return readSlowly(socket)
  socket.on('data', openCounter(client))
}

function readSlowly(socket: Socket): void {
  let taken = 0
  socket.on('data', (bytes: Buffer) => {
    taken += bytes.length
    if (taken >= slowBytes) socket.pause()
  })
  setInterval(() => {
    taken = 0
    socket.resume()
  }, slowEveryMs)
}

/** Messages as a library reads them, each of them JSON behind the digits of Socket.IO. */
async function openWhole(client: number): Promise<void> {
  const socket = new WebSocket(url.replace('http', 'ws') + path, { headers })
  const count = openCounter(client)
  socket.on('message', (data: Buffer) => {
    const text = data.toString()
    const json = /^\d*(?=[[{])/.exec(text)
    if (json) JSON.parse(text.slice(json[0].length))
    count(data)
  })
  await once(socket, 'open')
  for (const text of hello) socket.send(text)
  if (isSocketIo) setInterval(() => socket.send(pong), pongEveryMs)
  socket.on('close', () => fail(`client ${client} was closed`))
}

process.on('message', (next: AudienceOrder) => {
  order = next
  newest.fill(order.from - 1)
  deliveries = 0
  latencies.clear()
  say({ type: 'ready' })
})
process.on('disconnect', () => process.exit())
const isWhole = (client: number): boolean => client === 0 && reading === 'at once'
for (let client = 0; client < clients; client++) await (isWhole(client) ? openWhole(client) : openRaw(client))
say({ type: 'ready' })
