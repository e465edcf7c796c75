// WebSocket upgrades: the same guard as every route, a path to a handler, and the liveness of connections.
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { LogboomError } from '../errors.ts'
import { answerOf } from './errors.ts'
import { checkRequest } from './guard.ts'
import { maxRequestBytes, pingIntervalMs } from './limits.ts'

/** `alive` tells that the other side takes bytes, for handlers whose bytes pings would have to queue behind. */
export type SocketHandler = (socket: WebSocket, alive: () => void) => void

export interface Upgrades {
  /** Says goodbye to everybody. */
  close(): void
  /** Ends those who have not answered. */
  terminate(): void
}

export function openUpgrades(server: Server, handlers: Record<string, SocketHandler>): Upgrades {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxRequestBytes, perMessageDeflate: false })
  const silent = new Map<WebSocket, number>()

  const pinging = setInterval(() => {
    for (const socket of sockets.clients) {
      const misses = silent.get(socket) ?? 0
      if (misses >= 2) socket.terminate()
      silent.set(socket, misses + 1)
      socket.ping()
    }
  }, pingIntervalMs).unref()

  server.on('upgrade', (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    raw.on('error', () => {})
    let handler: SocketHandler | undefined
    try {
      checkRequest(request)
      const path = (request.url ?? '').split('?', 1)[0]!
      handler = Object.hasOwn(handlers, path) ? handlers[path] : undefined
      if (!handler) throw new LogboomError('not-found', `There is no WebSocket at ${path}.`)
    } catch (error) {
      return refuse(raw, error)
    }
    sockets.handleUpgrade(request, raw, head, (socket) => {
      const alive = () => void silent.set(socket, 0)
      socket.on('error', () => {})
      socket.on('pong', alive)
      socket.on('close', () => silent.delete(socket))
      handler(socket, alive)
    })
  })

  return {
    close() {
      clearInterval(pinging)
      for (const socket of sockets.clients) socket.close(1001, 'the hub is closing')
    },
    terminate() {
      for (const socket of sockets.clients) socket.terminate()
    },
  }
}

function refuse(raw: Duplex, error: unknown): void {
  const { status, body } = answerOf(error)
  const text = JSON.stringify(body)
  raw.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
}
