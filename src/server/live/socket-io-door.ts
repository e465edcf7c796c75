// The way in to Socket.IO, past fastify: its paths, and its code, which is loaded when the first client comes.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { SocketIo, SocketIoOptions } from '../../dialects/socket-io/open-socket-io.ts'

/** The customary path, and that of an original client (SPEC E6). */
export const socketIoPaths: readonly string[] = ['/socket.io', '/socket.io/', '/api/socketio', '/api/socketio/']

export interface SocketIoDoor {
  isFor(request: IncomingMessage): boolean
  request(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): void
  close(): Promise<void>
}

export function openSocketIoDoor(options: SocketIoOptions): SocketIoDoor {
  const paths = new Set(socketIoPaths)
  let loading: Promise<SocketIo> | undefined

  const loaded = (): Promise<SocketIo> =>
    (loading ??= import('../../dialects/socket-io/open-socket-io.ts').then(({ openSocketIo }) => openSocketIo(options)))

  return {
    isFor: ({ url = '' }) => paths.has(url.split('?', 1)[0]!),
    request(request, response) {
      loaded().then(
        (io) => io.request(request, response),
        () => response.destroy(),
      )
    },
    upgrade(request, raw, head) {
      loaded().then(
        (io) => io.upgrade(request, raw, head),
        () => raw.destroy(),
      )
    },
    close: async () => (await loading?.catch(() => undefined))?.close(),
  }
}
