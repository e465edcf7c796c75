// The door: connections and requests as they come, before any route. Whatever is answered here or behind it carries the same
// headers, and nothing that the guard has not seen comes in.
import { createServer as createTlsServer } from 'node:https'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { LogboomError } from '../contracts/errors.ts'
import { openConnections, type Connections } from './bounds/connections.ts'
import type { Certificate } from './open-certificate.ts'
import { rawAnswer, type AnswerOf } from './errors.ts'
import { checkRequest, securityHeaders, type HostNames } from './guard.ts'
import type { Origins } from './origins.ts'
import { headTimeoutMs, keepAliveMs, requestTimeoutMs } from './bounds/limits.ts'

export interface HttpDoor {
  http: Server
  connections: Connections
}

export interface HttpOptions {
  answerOf: AnswerOf
  /** A request was answered by 403; of those that no route has seen, the path is nobody's. */
  refused(request: IncomingMessage, path: string): void
  connectionLimit: number
  names: HostNames
  origins: Origins
  /** Absent: without TLS. */
  certificate?: Certificate | undefined
}

const timeouts = {
  headersTimeout: headTimeoutMs,
  requestTimeout: requestTimeoutMs,
  keepAliveTimeout: keepAliveMs,
  connectionsCheckingInterval: 2000,
}

/** `serve` gets the requests that may come in. */
export function openHttp(
  serve: RequestListener,
  { answerOf, refused, connectionLimit, names, origins, certificate }: HttpOptions,
): HttpDoor {
  // A request without Host is refused here, with what every answer has.
  const options = { ...timeouts, requireHostHeader: false, shouldUpgradeCallback: isForWebSocket }
  const http = certificate
    ? (createTlsServer({ ...options, ...certificate, handshakeTimeout: headTimeoutMs }, enter) as unknown as Server)
    : createServer(options, enter)
  const connections = openConnections(http, connectionLimit)
  http.on('checkExpectation', enter)
  http.on('connect', (_request, socket: Duplex) => {
    socket.on('error', () => undefined)
    socket.end(rawAnswer(answerOf(new LogboomError('not-found', 'This hub is no proxy.'))))
  })
  http.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const { _httpMessage: response } = socket as Duplex & { _httpMessage?: ServerResponse | null }
    // In the middle of an answer there is no place for another.
    if (socket.writable && !response?.headersSent) socket.write(rawAnswer(answerOf(unreadable(error))))
    socket.destroy()
  })

  function enter(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
    try {
      connections.check(request)
      checkRequest(request, names, origins)
      if (origins.answer(request, response)) return
      serve(request, response)
    } catch (error) {
      refuse(response, error)
    }
  }

  function refuse(response: ServerResponse, error: unknown): void {
    const { status, headers, body } = answerOf(error)
    if (status === 403) refused(response.req, '')
    response.writeHead(status, { ...headers, connection: 'close', 'content-type': 'application/json; charset=utf-8' })
    response.end(JSON.stringify(body))
  }

  return { http, connections }
}

/** A request for another upgrade is answered as if it had not asked for one. */
function isForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}

/** Error of a request that cannot be read as HTTP, or does not come. */
function unreadable({ code, message }: NodeJS.ErrnoException): LogboomError {
  const [statusCode, text] =
    code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? [408, 'The request did not come in time.']
      : code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'The head of the request is too long.']
        : [400, `This is no request of HTTP: ${message}.`]
  return Object.assign(new LogboomError('request-invalid', text), { statusCode })
}
