// Followers that are no good clients: they ask, and then read nothing.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection to a hub that reads nothing until it is told to. Errors on it are its own affair. */
export async function openQuiet(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ port: Number(port), host: hostname }).pause()
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Asks to follow over server-sent events. */
export async function openUnreadEvents(url: string, query: string): Promise<Socket> {
  const socket = await openQuiet(url)
  socket.write(`GET /api/v1/follow?${query} HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`)
  return socket
}

/** Asks to follow over a WebSocket, with one message for each request. */
export async function openUnreadSocket(url: string, ...requests: object[]): Promise<Socket> {
  const socket = await openQuiet(url)
  socket.write(
    `GET /api/v1/follow HTTP/1.1\r\nHost: ${new URL(url).host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  socket.write(Buffer.concat(requests.map((request) => clientFrame(JSON.stringify(request)))))
  return socket
}

/** A text frame as clients send it: masked, here with zeros. */
function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const head =
    payload.length < 126 ? [0x81, 0x80 | payload.length] : [0x81, 0xfe, payload.length >> 8, payload.length & 0xff]
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload])
}
