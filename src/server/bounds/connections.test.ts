import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { promisify } from 'node:util'
import { openConnections } from './connections.ts'

const limit = 3
const answers: ServerResponse[] = []
const server = createServer((request, response) => {
  try {
    connections.check(request)
    answers.push(response)
  } catch (error) {
    response.writeHead(503).end(String(error))
  }
})
const connections = openConnections(server, limit)
let sockets: Socket[] = []

before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
beforeEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets = []
  answers.length = 0
  server.closeAllConnections()
  while ((await promisify(server.getConnections.bind(server))()) > 0) await new Promise(setImmediate)
})
after(() => {
  server.close()
  server.closeAllConnections()
})

async function open(text = ''): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('utf8')
  sockets.push(socket)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  if (text) socket.write(text)
  return socket.resume()
}

const whole = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const bodyToCome = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n1'

async function openAtWork(): Promise<Socket> {
  const had = answers.length
  const socket = await open(whole)
  while (answers.length === had) await new Promise(setImmediate)
  return socket
}

test('the connection that has been quiet for longest makes room, half a request is quiet', async () => {
  const working = await openAtWork()
  const half = await open('GET / HT')
  const body = await open(bodyToCome)
  const ended = Promise.all([once(half, 'close'), once(body, 'close')])
  await open()
  await open()
  await ended
  assert.equal(working.destroyed, false)
})

test('where all are at work, the next is told so, and there is room again when one has ended', async () => {
  for (let i = 0; i < limit; i++) await openAtWork()
  const next = await open(whole)
  const [text] = (await once(next, 'data')) as [string]
  assert.match(text, /^HTTP\/1.1 503 [^]*too|more than that/)
  next.destroy()
  const [first] = answers
  first!.end('done')
  await once(first!, 'close')
  const served = await openAtWork()
  assert.equal(served.destroyed, false)
})
