// The connections of a server, so many and no more. A new one takes the place of the one that has been quiet for longest: only
// where all are at work is it told that there are too many. Half-sent requests are quiet ones.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Server as TlsServer } from 'node:tls'
import { LogboomError } from '../../contracts/errors.ts'
import { surplusConnections } from './limits.ts'

export interface Connections {
  /** Throws `too-many` for a request on a connection that is one too many: it is to be refused and closed. */
  check(request: IncomingMessage): void
  /** Upgraded: at work from now on until it closes. */
  engage(request: IncomingMessage): void
}

export function openConnections(server: Server, limit: number): Connections {
  const all = new Map<Socket, { requests: number; surplus: boolean }>()
  /** Without a whole request; the one that has been so for longest first. */
  const quiet = new Set<Socket>()

  function forget(socket: Socket): void {
    all.delete(socket)
    quiet.delete(socket)
  }

  function evict(socket: Socket): void {
    forget(socket)
    socket.destroy()
  }

  function settle(socket: Socket, change: number): void {
    const connection = all.get(socket)
    if (!connection) return
    connection.requests += change
    quiet.delete(socket)
    if (connection.requests === 0) quiet.add(socket)
  }

  // Requests come over the socket that TLS makes; of those that only shake hands there are no more either.
  const isTls = server instanceof TlsServer
  if (isTls) server.maxConnections = limit + surplusConnections
  server.on(isTls ? 'secureConnection' : 'connection', (socket: Socket) => {
    for (const quietest of quiet) {
      if (all.size < limit) break
      evict(quietest)
    }
    if (all.size >= limit + surplusConnections) return void socket.destroy()
    all.set(socket, { requests: 0, surplus: all.size >= limit })
    quiet.add(socket)
    socket.once('close', () => forget(socket))
  })

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    let begun = false
    const begin = (): void => {
      if (begun || response.destroyed) return
      begun = true
      settle(socket, 1)
      response.once('close', () => settle(socket, -1))
    }
    // Of a body that never ends the connection stays a quiet one.
    if (isWithoutBody(request)) begin()
    else request.once('end', begin)
  })

  return {
    check({ socket }) {
      if (!all.get(socket)?.surplus) return
      throw new LogboomError(
        'too-many',
        `${limit} connections are at work, and more than that this hub does not serve.`,
      )
    },
    engage: ({ socket }) => settle(socket, 1),
  }
}

function isWithoutBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0'
}
