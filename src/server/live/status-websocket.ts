// The state of hub and sources, pushed: encoded once for all who look, and nothing at all while nobody does.
import type { WebSocket } from 'ws'
import type { StatusFrame } from '../../wire/hub-view.ts'
import type { ServedHub } from '../hub-interface.ts'
import { statusIntervalMs, statusThrottleMs } from '../bounds/limits.ts'

export interface StatusFeed {
  serve(socket: WebSocket): void
  close(): void
}

/** A reader with so much unread gets the next status instead of this one. */
const pendingLimitBytes = 256 * 1024

export function openStatusFeed(hub: ServedHub): StatusFeed {
  const sockets = new Set<WebSocket>()
  let timer: NodeJS.Timeout | undefined
  let sentAt = 0
  let ignore: (() => void) | undefined

  function send(): void {
    sentAt = performance.now()
    const frame: StatusFrame = { type: 'status', ...hub.status() }
    const bytes = Buffer.from(JSON.stringify(frame))
    for (const socket of sockets) {
      if (socket.bufferedAmount < pendingLimitBytes) socket.send(bytes, { binary: false })
    }
    plan(statusIntervalMs)
  }

  function plan(inMs: number): void {
    clearTimeout(timer)
    timer = setTimeout(send, inMs).unref()
  }

  function stop(): void {
    clearTimeout(timer)
    ignore?.()
    ignore = undefined
  }

  return {
    serve(socket) {
      sockets.add(socket)
      ignore ??= hub.onStatus(() => plan(Math.max(0, sentAt + statusThrottleMs - performance.now())))
      plan(0)
      socket.on('close', () => {
        sockets.delete(socket)
        if (sockets.size === 0) stop()
      })
    },
    close: stop,
  }
}
