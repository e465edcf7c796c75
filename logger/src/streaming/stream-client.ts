// One socket of the stream: a bounded queue, so that one that reads slowly costs a bounded amount and is told how many lines it missed (F1).
import type { SystemLogMessage } from '../../../src/wire/dialect-messages.ts'

/** A WebSocket of the server, as `ws` makes them. */
export interface StreamSocket {
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number
  send(text: string): void
  on(event: 'close' | 'error', listener: () => void): unknown
}

export interface StreamClient {
  /** The text of a message. */
  add(text: string): void
  /** So many lines are lost before they became messages. */
  miss(lines: number): void
  /** Sends what the socket takes; false when the socket is gone. */
  send(): boolean
  isWaiting(): boolean
}

/** Messages that wait for a slow client. */
const mostWaiting = 10_000
/** Beyond so many bytes in its buffer a socket is slow. */
const mostBuffered = 4 << 20
const connecting = 0
const open = 1

export function openStreamClient(socket: StreamSocket, onDropped: (lines: number) => void): StreamClient {
  const waiting: string[] = []
  let dropped = 0
  function miss(lines: number): void {
    dropped += lines
    onDropped(lines)
  }
  return {
    isWaiting: () => waiting.length > 0,
    miss,
    add(text) {
      if (waiting.length >= mostWaiting) {
        waiting.shift()
        miss(1)
      }
      waiting.push(text)
    },
    send() {
      if (socket.readyState === connecting) return true
      if (socket.readyState !== open) return false
      try {
        while (waiting.length > 0 && socket.bufferedAmount < mostBuffered) {
          if (dropped > 0) {
            const text = JSON.stringify(gapMessage(dropped))
            dropped = 0
            socket.send(text)
          }
          socket.send(waiting[0]!)
          waiting.shift()
        }
        return true
      } catch {
        return false
      }
    },
  }
}

function gapMessage(lines: number): SystemLogMessage {
  return {
    type: 'system_log',
    data: {
      timestamp: new Date().toISOString(),
      level: 'WARNING',
      logger: 'logboom',
      message: `[gap] ${lines} line${lines === 1 ? '' : 's'} missing: this client did not keep up`,
      module: 'logboom',
      function: '',
      line: 0,
    },
  }
}
