// Clients that come back by themselves with the cursor that they have, one kind for each transport that has cursors. Each sees the numbers
// that a process counts, and says what is wrong with them.
import { once } from 'node:events'
import { io } from 'socket.io-client'
import { WebSocket } from 'ws'
import type { HubProcess } from '../hub-process.ts'

export interface ResumingClient {
  kind: string
  /** The number that must come next; undefined before the first. */
  next(): number | undefined
  /** Empty as long as every number came once and in order. */
  wrong(): string
  close(): void
}

type See = (message: string) => void
/** Gives what ends it. */
type Open = (hub: HubProcess, see: See) => () => void

const kinds: Readonly<Record<string, Open>> = {
  follow(hub, see) {
    const { close } = hub.client.follow(
      { limit: 0 },
      {
        records(records) {
          for (const { message } of records) see(message)
        },
      },
    )
    return close
  },
  events: (hub, see) =>
    again(async (signal, state) => {
      const headers = state.cursor === undefined ? {} : { 'last-event-id': state.cursor }
      const { body } = await fetch(`${hub.url}/api/v1/follow?limit=0`, { headers, signal })
      for await (const event of eventsOf(body!)) {
        const [, id, data] = /^id: (\d+)\ndata: (.*)$/.exec(event) ?? []
        if (data === undefined) continue
        const { records = [] } = JSON.parse(data) as { records?: { message: string }[] }
        for (const { message } of records) see(message)
        state.cursor = id
      }
    }),
  'socket.io'(hub, see) {
    const socket = io(hub.url, {
      transports: ['websocket'],
      reconnectionDelay: 50,
      reconnectionDelayMax: 500,
      forceNew: true,
    })
    socket.on('cantina_event', ({ message }: { message: string }) => see(message))
    return () => void socket.disconnect()
  },
  '/ws/monitor': (hub, see) =>
    socketsOf(hub, '/ws/monitor?cursors=true', (text) => {
      const { data, cursor } = JSON.parse(text) as { data: { message: string }; cursor: number }
      see(data.message)
      return cursor
    }),
  '/ws/events': (hub, see) =>
    socketsOf(hub, '/ws/events?topic=/dashboard/log', (text) => {
      const { message, entry_id: id } = JSON.parse(text) as { message: string; entry_id: string }
      see(message)
      return Number(id)
    }),
}

/** So many, all kinds in turns. */
export function openResumingClients(hub: HubProcess, count: number): ResumingClient[] {
  const all = Object.entries(kinds)
  return Array.from({ length: count }, (_, index) => {
    const [kind, open] = all[index % all.length]!
    let next: number | undefined
    let wrong = ''
    const close = open(hub, (message) => {
      const [, digits] = /^n=(\d+)$/.exec(message) ?? []
      if (digits === undefined) return
      const n = Number(digits)
      if (next !== undefined && n !== next) wrong ||= `${kind} ${index}: after ${next - 1} came ${n}`
      next = n + 1
    })
    return { kind, next: () => next, wrong: () => wrong, close }
  })
}

/** Runs one connection after the other. */
function again(connect: (signal: AbortSignal, state: { cursor?: string | undefined }) => Promise<void>): () => void {
  const aborter = new AbortController()
  const state = {}
  void (async () => {
    while (!aborter.signal.aborted) {
      await connect(aborter.signal, state).catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })()
  return () => aborter.abort()
}

/** WebSockets with the cursor in their address; `read` gives that of each message. */
function socketsOf(hub: HubProcess, path: string, read: (text: string) => number): () => void {
  let cursor: number | undefined
  return again(async (signal) => {
    const from = cursor === undefined ? '' : `&after=${cursor}`
    const socket = new WebSocket(hub.url.replace('http', 'ws') + path + from)
    signal.addEventListener('abort', () => socket.terminate())
    socket.on('error', () => undefined)
    socket.on('message', (data: Buffer) => void (cursor = read(data.toString())))
    await once(socket, 'close')
  })
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = ''
  for await (const text of body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)) {
    const parts = (rest + text).split('\n\n')
    rest = parts.pop()!
    yield* parts
  }
}
