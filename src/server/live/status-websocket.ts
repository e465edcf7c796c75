// The state of hub and sources, pushed: encoded once for all who look, and nothing at all while nobody does.
import type { WebSocket } from 'ws'
import type { Caller } from '../../contracts/caller.ts'
import type { HubStatus, StatusFrame } from '../../wire/hub-view.ts'
import type { ServedHub } from '../hub-interface.ts'
import { statusFor } from '../status-for.ts'
import { statusIntervalMs, statusThrottleMs } from '../bounds/limits.ts'

export interface StatusFeed {
  serve(socket: WebSocket, caller: Caller): void
  close(): void
}

/** A reader with so much unread gets the next status instead of this one. */
const pendingLimitBytes = 256 * 1024

export function openStatusFeed(hub: ServedHub): StatusFeed {
  const sockets = new Map<WebSocket, Caller>()
  let timer: NodeJS.Timeout | undefined
  let sentAt = 0
  let ignore: (() => void) | undefined

  function send(): void {
    sentAt = performance.now()
    const status = hub.status()
    const made = new Map<string, Buffer>()
    for (const [socket, caller] of sockets) {
      if (socket.bufferedAmount >= pendingLimitBytes) continue
      // All who see everything, and all sessions of one user, see the same.
      const key = caller.within === undefined ? '' : `${caller.kind} ${caller.name} ${caller.within.query}`
      const bytes = made.get(key) ?? frameOf(statusFor(caller, status, hub.jobs))
      made.set(key, bytes)
      socket.send(bytes, { binary: false })
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
    serve(socket, caller) {
      sockets.set(socket, caller)
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

function frameOf(status: HubStatus): Buffer {
  return Buffer.from(JSON.stringify({ type: 'status', ...status } satisfies StatusFrame))
}
