// An upgraded connection, as its handler is given it.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Caller } from '../../contracts/caller.ts'

export interface ServedSocket {
  caller: Caller
  socket: WebSocket
  /** The connection below it, for bytes that are WebSocket messages already. */
  raw: Duplex
  request: IncomingMessage
  /** The other side takes bytes: for handlers whose bytes pings would have to queue behind. */
  alive(): void
  /** Tells the error and closes; whoever does not close in turn is cut off. */
  dismiss(error: unknown): void
  /** Tells the error, and goes on. */
  tell(error: unknown): void
}

export type SocketHandler = (served: ServedSocket) => void
