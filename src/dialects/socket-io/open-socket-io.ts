// Socket.IO on an engine of its own: its main namespace gives events, `/logs` the logs of jobs (SPEC C6, E6). Loaded with the first
// client, since few hubs have one.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Server as Engine, type Socket as Connection } from 'engine.io'
import { Server, type Socket } from 'socket.io'
import type { Jobs } from '../../contracts/job.ts'
import type { DialectSettings, LineView } from '../serve-dialect.ts'
import { recoveringAdapter } from './recovering-adapter.ts'
import type { ServedNamespace } from './job-logs.ts'
import { serveEvents } from './serve-events.ts'
import { serveJobLogs } from './serve-job-logs.ts'

export interface SocketIoOptions {
  jobs: Jobs
  settings: DialectSettings
  /** The sender of this request. Throws when nobody may be served by it. */
  admit(request: IncomingMessage): Admitted
  /** A client has come; gives what is to be called when it goes. Throws when there are too many. */
  enter(): () => void
  maxMessageBytes: number
}

/** A caller, as far as Socket.IO needs to know. */
export interface Admitted {
  view: LineView
  mayRead: ServedNamespace['mayRead']
  mayAsk: ServedNamespace['mayAsk']
  /** Calls back when its rights change; gives what ends that. */
  watch(changed: () => void): () => void
}

export interface SocketIo {
  request(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): void
  close(): Promise<void>
}

export function openSocketIo({ jobs, settings, admit, enter, maxMessageBytes }: SocketIoOptions): SocketIo {
  const engine = new Engine({ maxHttpBufferSize: maxMessageBytes, perMessageDeflate: false })
  const io = new Server({
    serveClient: false,
    adapter: recoveringAdapter(),
    // Packets of a session are not kept: a cursor finds them in the store, whichever hub answers.
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
  const serve = (socket: Socket, how: (socket: Socket, served: ServedNamespace) => void): void => {
    try {
      const { view, mayRead, mayAsk, watch } = admit(socket.request)
      socket.on(
        'disconnect',
        // The connection ends and not the session, so that clients come again, to what they may see now.
        watch(() => socket.conn.close()),
      )
      how(socket, { jobs, settings, view, mayRead, mayAsk })
    } catch {
      socket.disconnect(true)
    }
  }
  io.on('connection', (socket) => serve(socket, serveEvents))
  io.of('/logs').on('connection', (socket) => serve(socket, serveJobLogs))

  return {
    request: (request, response) => engine.handleRequest(request as Parameters<Engine['handleRequest']>[0], response),
    upgrade: (request, raw, head) => engine.handleUpgrade(request as Parameters<Engine['handleUpgrade']>[0], raw, head),
    close: () => io.close(),
  }
}
