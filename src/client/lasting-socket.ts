// A WebSocket that comes back: what follow and status have in common.
import { parseJson } from '../json/parse-json.ts'

/** `history`: connected, and still being given what is past. `lost`: trying again. */
export type ConnectionState = 'connecting' | 'history' | 'live' | 'lost'

export interface Subscription {
  close(): void
}

export interface LastingSocket extends Subscription {
  /** Gives up the present connection; the next one comes by itself. */
  reconnect(): void
  /** The connection has proved good: the next loss is tried again at once. */
  proved(): void
}

const firstDelayMs = 250
const lastDelayMs = 5000
/** Servers say something every 15 s at least; a connection that is silent for so long is dead. */
const silenceMs = 45_000

/** The address to connect to. */
export interface SocketAddress {
  url: string
  /** Only outside of browsers, which have cookies instead. */
  headers: Readonly<Record<string, string>>
}

export interface SocketHandlers {
  /** Connected; what is returned is sent. */
  open(): string | undefined
  message(data: unknown): void
  lost(): void
}

export function openLastingSocket({ url, headers }: SocketAddress, handlers: SocketHandlers): LastingSocket {
  let socket: WebSocket | undefined
  let delayMs = firstDelayMs
  let retry: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let closed = false

  function heard(): void {
    clearTimeout(silence)
    silence = setTimeout(() => drop(), silenceMs)
  }

  function drop(): void {
    clearTimeout(silence)
    const dropped = socket
    socket = undefined
    dropped?.close()
    if (closed || !dropped) return
    handlers.lost()
    // Spread out, so that a hundred pages do not all come back in the same instant.
    retry = setTimeout(open, delayMs * (0.75 + Math.random() / 2))
    delayMs = Math.min(delayMs * 2, lastDelayMs)
  }

  function open(): void {
    if (closed) return
    const mine = (socket = newSocket(url, headers))
    heard()
    mine.onopen = () => {
      if (mine !== socket) return mine.close()
      const request = handlers.open()
      if (request !== undefined) mine.send(request)
    }
    mine.onmessage = ({ data }: { data: unknown }) => {
      if (mine !== socket) return
      heard()
      handlers.message(parseJson(String(data)))
    }
    // An error is always followed by a close.
    mine.onclose = () => {
      if (mine === socket) drop()
    }
  }

  open()
  return {
    reconnect: drop,
    proved: () => void (delayMs = firstDelayMs),
    close() {
      closed = true
      clearTimeout(retry)
      drop()
    },
  }
}

function newSocket(url: string, headers: SocketAddress['headers']): WebSocket {
  if (Object.keys(headers).length === 0) return new WebSocket(url)
  // Node's own takes headers, which the standard does not know of.
  return new WebSocket(url, { headers } as unknown as string[])
}
