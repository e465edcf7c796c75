// The connection of an agent to its hub: made again whenever it is lost, at growing intervals, and given up when nobody answers.
// Knows nothing of what is said over it.
import type { IncomingMessage } from 'node:http'
import WebSocket, { type RawData } from 'ws'
import { LogboomError, type ErrorCode } from '../contracts/errors.ts'
import { parseJson } from '../json/parse-json.ts'
import type { HubMessage } from '../wire/agent-messages.ts'
import type { ErrorBody } from '../wire/hub-view.ts'
import { routes } from '../wire/routes.ts'
import { backOffMs } from './back-off.ts'

export interface HubSocket {
  send(message: string | Uint8Array): void
  /** The connection has proved good: where the network takes it, it is tried again soon; where the hub ends it, later each time. */
  proved(): void
  /** Gives it up because of this; another follows by itself. */
  fail(error: LogboomError): void
  close(): void
}

export interface HubSocketOptions {
  url: string
  token: string | undefined
  opened(): void
  message(message: HubMessage): void
  /** Not connected, or not any more; `error` says why where that is known. */
  lost(error: LogboomError): void
  chance?(): number
}

const handshakeMs = 10_000
const pingMs = 20_000
/** Two pings without a word: nobody is there. */
const silenceMs = 45_000
const mostMessageBytes = 1024 * 1024
const mostRefusalBytes = 64 * 1024

export function openHubSocket({
  url,
  token,
  opened,
  message,
  lost,
  chance = Math.random,
}: HubSocketOptions): HubSocket {
  const address = `${url.replace(/\/+$/, '').replace(/^http/, 'ws')}${routes.agent.path}`
  let socket: WebSocket | undefined
  let failures = 0
  let retry: NodeJS.Timeout | undefined
  let reason: LogboomError | undefined
  let isClosed = false
  let isProved = false

  function connect(): void {
    if (isClosed) return
    reason = undefined
    isProved = false
    const mine = (socket = new WebSocket(address, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      handshakeTimeout: handshakeMs,
      maxPayload: mostMessageBytes,
      perMessageDeflate: false,
    }))
    let heardAt = performance.now()
    const heard = (): void => void (heardAt = performance.now())
    const pinging = setInterval(() => {
      if (performance.now() - heardAt > silenceMs) return mine.terminate()
      if (mine.readyState === WebSocket.OPEN) mine.ping()
    }, pingMs)
    mine.on('open', () => opened())
    mine.on('pong', heard)
    mine.on('ping', heard)
    mine.on('message', (data) => {
      heard()
      if (mine !== socket) return
      try {
        take(data)
      } catch (error) {
        // Thrown here it would end the agent, and the processes that it runs with it.
        fail(notUnderstood(url, error as Error))
      }
    })
    mine.on('unexpected-response', (_request, response) => void refused(mine, response))
    // Of a connection that stood, its end tells as much.
    mine.on('error', (error) => void (isProved || (reason ??= unreachable(url, error))))
    mine.on('close', () => {
      clearInterval(pinging)
      if (mine !== socket) return
      socket = undefined
      if (isClosed) return
      if (isProved && !reason) failures = 0
      lost(reason ?? new LogboomError('hub-unreachable', `The connection to ${url} was lost`))
      retry = setTimeout(connect, backOffMs(++failures, chance()))
    })
  }

  function take(data: RawData): void {
    const said = parseJson(String(data)) as HubMessage | undefined
    if (said?.type === 'error') reason = receivedError(said.error)
    else if (said) message(said)
  }

  /** An answer in place of a WebSocket. */
  async function refused(mine: WebSocket, response: IncomingMessage): Promise<void> {
    let text = ''
    let error: ErrorBody | undefined
    try {
      for await (const piece of response) if (text.length < mostRefusalBytes) text += String(piece)
      error = (parseJson(text) as { error?: ErrorBody }).error
    } catch {
      // The status says enough: proxies answer in HTML.
    }
    reason = error ? receivedError(error) : noHub(url, response.statusCode)
    mine.terminate()
  }

  function fail(error: LogboomError): void {
    reason = error
    socket?.terminate()
  }

  connect()
  return {
    send(given) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(given)
    },
    proved: () => void (isProved = true),
    fail,
    close() {
      isClosed = true
      clearTimeout(retry)
      socket?.close(1000, 'the agent ends')
      socket = undefined
    },
  }
}

const receivedError = ({ code, message, hint }: ErrorBody): LogboomError =>
  new LogboomError(code as ErrorCode, message, { hint })

function unreachable(url: string, error: Error): LogboomError {
  const { code } = error as NodeJS.ErrnoException
  return new LogboomError('hub-unreachable', `The hub at ${url} cannot be reached: ${error.message || code}`, {
    cause: error,
  })
}

const notUnderstood = (url: string, error: Error): LogboomError =>
  new LogboomError('hub-unreachable', `What ${url} says is not understood: ${error.message}`, { cause: error })

function noHub(url: string, status = 0): LogboomError {
  const hint = 'Check the address: it is that of the hub, and a proxy before it must pass WebSockets on.'
  return new LogboomError('hub-unreachable', `${url} answers, but is no hub that takes agents (status ${status})`, {
    hint,
  })
}
