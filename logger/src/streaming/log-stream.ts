// Records for WebSocket clients of the application itself (B1, B5): `/ws/monitor` without a hub. A record costs its caller a place in a list; sending
// happens behind the caller's back, in the next turn of the event loop.
import { openEarlyRecords, type EarlyRecords } from './early-records.ts'
import { monitorMessage, type StreamedRecord } from './monitor-message.ts'
import { openStreamClient, type StreamClient, type StreamSocket } from './stream-client.ts'

export interface LogStreamMetrics {
  clients: number
  /** Messages handed to sockets' queues. */
  queued: number
  /** Messages that slow clients missed. */
  dropped: number
  /** Clients that were removed because sending failed. */
  errors: number
}

export interface LogStream {
  /** Every record from now on goes to this socket; the first one gets those from before it, too, at most 1,000 (C1). */
  addClient(socket: StreamSocket): void
  removeClient(socket: StreamSocket): void
  metrics(): LogStreamMetrics
}

/** The stream, with the end that loggers write to. */
export interface OpenLogStream extends LogStream {
  /** False while records would only be counted: their fields need not be told. */
  isWanted(): boolean
  /** A record as loggers make it. */
  add(time: number, value: number, logger: string, message: string, json: string): void
  begin(): void
}

/** Records of one turn of the event loop. */
const mostRecent = 20_000
/** Between two attempts to send to a socket that did not take all. */
const retryMs = 20

export function openLogStream(): OpenLogStream {
  const clients = new Map<StreamSocket, StreamClient>()
  let early: EarlyRecords | undefined = openEarlyRecords()
  let recent: StreamedRecord[] = []
  /** Records that had no place in `recent`. */
  let missed = 0
  let hasBegun = false
  let isPlanned = false
  let isSending = false
  let queued = 0
  let dropped = 0
  let errors = 0

  /** Fields that cannot be shown do not keep the message from being shown. */
  function textOf(record: StreamedRecord): string {
    try {
      return JSON.stringify(monitorMessage(record))
    } catch {
      errors++
      return JSON.stringify(monitorMessage({ ...record, json: '' }))
    }
  }

  function deliver(): void {
    isPlanned = false
    const taken = recent
    recent = []
    const texts = taken.map(textOf)
    isSending = true
    try {
      for (const [socket, client] of clients) {
        if (missed > 0) client.miss(missed)
        const isThere = texts.every((text) => {
          client.add(text)
          queued++
          return client.send()
        })
        if (isThere && client.send()) continue
        clients.delete(socket)
        errors++
      }
    } finally {
      isSending = false
      missed = 0
    }
    if ([...clients.values()].some((client) => client.isWaiting())) setTimeout(plan, retryMs).unref()
  }

  function plan(): void {
    if (isPlanned) return
    isPlanned = true
    setImmediate(deliver)
  }

  /** Records from before clients: to the one that came first. */
  function replay(): void {
    const [client] = clients.values()
    if (!hasBegun || !client || early === undefined) return
    for (const record of early.take()) {
      client.add(textOf(record))
      queued++
    }
    early = undefined
    plan()
  }

  return {
    begin() {
      early?.begin()
      hasBegun = true
      replay()
    },
    isWanted: () => early?.hasRoom() ?? clients.size > 0,
    add(time, value, logger, message, json) {
      // A socket that logs while it sends must not feed itself.
      if (isSending) return
      if (early !== undefined) return early.add(time, value, logger, message, json)
      if (clients.size === 0) return
      if (recent.length >= mostRecent) missed += recent.splice(0, mostRecent / 2).length
      recent.push({ time, value, logger, message, json })
      plan()
    },
    addClient(socket) {
      if (clients.has(socket)) return
      clients.set(
        socket,
        openStreamClient(socket, (lines) => (dropped += lines)),
      )
      const remove = (): void => void clients.delete(socket)
      socket.on('close', remove)
      socket.on('error', remove)
      replay()
    },
    removeClient: (socket) => void clients.delete(socket),
    metrics: () => ({ clients: clients.size, queued, dropped, errors }),
  }
}

const shared = openLogStream()

/** The stream of this process. */
export const sharedStream: OpenLogStream = shared

/**
 * The one stream of this process, for an application that serves `/ws/monitor` itself.
 * @example
 * sockets.on('connection', (socket) => getLogStream().addClient(socket))
 */
export function getLogStream(): LogStream {
  return shared
}

/**
 * From now on everything that loggers log goes to the stream's clients. Another call changes nothing.
 * @example
 * setupLogStreaming().addClient(socket)
 */
export function setupLogStreaming(): LogStream {
  shared.begin()
  return shared
}
