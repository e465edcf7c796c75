// Socket.IO on an engine of its own: its main namespace gives events, `/logs` the logs of jobs (SPEC C6, E6). Loaded with the first
// client, since few hubs have one.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Server as Engine, type Socket as Connection } from 'engine.io'
import { Server, type Socket } from 'socket.io'
import { LogboomError } from '../../contracts/errors.ts'
import type { Jobs } from '../../contracts/job.ts'
import type { DialectSettings, LineView } from '../serve-dialect.ts'
import { recoveringAdapter } from './recovering-adapter.ts'
import type { ServedNamespace } from './job-logs.ts'
import { serveEvents } from './serve-events.ts'
import { serveJobLogs } from './serve-job-logs.ts'

export interface SocketIoOptions {
  jobs: Jobs
  settings: DialectSettings
  /** The sender of a request with these headers. Throws when nobody may be served by it. */
  admit(headers: IncomingHttpHeaders): Admitted
  /** A client has come; gives what is to be called when it goes. Throws when there are too many. */
  enter(): () => void
  maxMessageBytes: number
}

/** A caller, as far as Socket.IO needs to know. */
export interface Admitted {
  view: LineView
  accessTo: ServedNamespace['accessTo']
  mayAsk: ServedNamespace['mayAsk']
  /** Calls back when its rights change; gives what ends that. */
  watch(changed: () => void): () => void
}

export interface SocketIo {
  request(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): void
  close(): Promise<void>
}

/** For so long a connection may be without a namespace, and so many may be that nobody knows. */
const introductionMs = 10_000
const mostUnknown = 50

export function openSocketIo({ jobs, settings, admit, enter, maxMessageBytes }: SocketIoOptions): SocketIo {
  const engine = new Engine({ maxHttpBufferSize: maxMessageBytes, perMessageDeflate: false })
  const io = new Server({
    serveClient: false,
    adapter: recoveringAdapter(),
    // Packets of a session are not kept: a cursor finds them in the store, whichever hub answers.
    connectionStateRecovery: { skipMiddlewares: false },
    connectTimeout: introductionMs,
  })
  const unknown = new Set<Connection>()
  engine.on('connection', (connection: Connection) => {
    try {
      if (!isKnown(connection)) introduce(connection)
      connection.once('close', enter())
    } catch {
      connection.close()
    }
  })

  function isKnown({ request }: Connection): boolean {
    try {
      admit(request.headers)
      return true
    } catch {
      return false
    }
  }

  /** Browsers cannot set headers: their token comes behind the handshake, from few at a time. */
  function introduce(connection: Connection): void {
    if (unknown.size >= mostUnknown) throw new LogboomError('too-many', 'Too many connect who are not known yet.')
    unknown.add(connection)
    connection.once('close', () => unknown.delete(connection))
  }

  function enterNamespace(socket: Socket, next: (error?: Error) => void): void {
    try {
      admit(credentialsOf(socket))
    } catch (error) {
      return next(connectError(error))
    }
    unknown.delete(socket.conn as unknown as Connection)
    next()
  }
  io.bind(engine)
  const serve = (socket: Socket, how: (socket: Socket, served: ServedNamespace) => void): void => {
    try {
      const { view, accessTo, mayAsk, watch } = admit(credentialsOf(socket))
      socket.on(
        'disconnect',
        // The connection ends and not the session, so that clients come again, to what they may see now.
        watch(() => socket.conn.close()),
      )
      how(socket, { jobs, settings, view, accessTo, mayAsk })
    } catch {
      socket.disconnect(true)
    }
  }
  io.use(enterNamespace).on('connection', (socket) => serve(socket, serveEvents))
  io.of('/logs')
    .use(enterNamespace)
    .on('connection', (socket) => serve(socket, serveJobLogs))

  return {
    request: (request, response) => engine.handleRequest(request as Parameters<Engine['handleRequest']>[0], response),
    upgrade: (request, raw, head) => engine.handleUpgrade(request as Parameters<Engine['handleUpgrade']>[0], raw, head),
    close: () => io.close(),
  }
}

/** A token of the handshake's `auth` goes before what the request itself brought. */
function credentialsOf({ handshake, request }: Socket): IncomingHttpHeaders {
  const { token } = handshake.auth as { token?: unknown }
  return typeof token === 'string' && token !== '' ? { authorization: `Bearer ${token}` } : request.headers
}

/** As clients get it with `connect_error`. */
function connectError(error: unknown): Error {
  if (!(error instanceof LogboomError)) return new Error('The hub cannot go on.')
  const { code, message, hint } = error
  return Object.assign(new Error(message), { data: { code, ...(hint === undefined ? {} : { hint }) } })
}
