// Socket.IO on an engine of its own: its main namespace gives events, `/logs` the logs of jobs (SPEC C6, E6). Loaded with the first
// client, since few hubs have one.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Server as Engine, type Socket as Connection } from 'engine.io'
import { Server } from 'socket.io'
import type { Jobs } from '../../contracts/job.ts'
import type { DialectSettings, LineView } from '../serve-dialect.ts'
import { recoveringAdapter } from './recovering-adapter.ts'
import { serveEvents } from './serve-events.ts'
import { serveJobLogs } from './serve-job-logs.ts'

export interface SocketIoOptions {
  jobs: Jobs
  settings: DialectSettings
  /** What whoever has sent this request may see. */
  viewOf(request: IncomingMessage): LineView
  /** A client has come; gives what is to be called when it goes. Throws when there are too many. */
  enter(): () => void
  maxMessageBytes: number
}

export interface SocketIo {
  request(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): void
  close(): Promise<void>
}

export function openSocketIo({ jobs, settings, viewOf, enter, maxMessageBytes }: SocketIoOptions): SocketIo {
  const engine = new Engine({ maxHttpBufferSize: maxMessageBytes, perMessageDeflate: false })
  const io = new Server({
    serveClient: false,
    adapter: recoveringAdapter(),
    // Its packets are not kept: a cursor finds them in the store, whichever hub answers.
    connectionStateRecovery: { skipMiddlewares: false },
  })
  engine.on('connection', (connection: Connection) => {
    try {
      connection.once('close', enter())
    } catch {
      connection.close()
    }
  })
  io.bind(engine)
  io.on('connection', (socket) => serveEvents(socket, { jobs, settings, view: viewOf(socket.request) }))
  io.of('/logs').on('connection', (socket) => serveJobLogs(socket, { jobs, settings, view: viewOf(socket.request) }))

  return {
    request: (request, response) => engine.handleRequest(request as Parameters<Engine['handleRequest']>[0], response),
    upgrade: (request, raw, head) => engine.handleUpgrade(request as Parameters<Engine['handleUpgrade']>[0], raw, head),
    close: () => io.close(),
  }
}
