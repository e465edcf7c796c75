// Everything that is committed, handed on to one channel per distinct query. Listens to the storage only while
// somebody follows, so that a hub nobody looks at stays idle.
import type { RecordBatch } from '../batch.ts'
import type { Storage } from '../storage/storage.ts'
import { compileQuery } from '../query/compile-query.ts'
import { parseQuery } from '../query/parse-query.ts'
import { recordsOf } from '../query/records-of.ts'
import { filterBatch } from '../query/select-rows.ts'
import { openChannel, type Channel, type Seat, type SeatOptions } from './channel.ts'

export interface Feed {
  storage: Storage
  /** Throws `query-invalid`; the seat comes when the storage is being listened to. */
  join(query: string, options: SeatOptions): Promise<Seat>
}

/** Between two frames to the same follower: one screen refresh, roughly. The first line after quiet does not wait. */
const flushIntervalMs = 20
/** How long encoding may hold up the event loop at a time. */
const workMs = 10
/** What all channels together may hold, and each of them at most. */
const heldLimitBytes = 32 * 1024 * 1024
const channelHeldLimitBytes = 4 * 1024 * 1024

/** One life of the listening; channels belong to it. */
interface Listening {
  head: number
  channels: Map<string, Channel>
  close(): void
}

export function openFeed(storage: Storage): Feed {
  let listening: Promise<Listening> | undefined
  let users = 0

  async function listen(): Promise<Listening> {
    const channels = new Map<string, Channel>()
    let timer: NodeJS.Timeout | NodeJS.Immediate | undefined
    let flushedAt = 0

    function flush(): void {
      timer = undefined
      const deadline = performance.now() + workMs
      let more = false
      for (const channel of channels.values()) more = channel.work(deadline) || more
      flushedAt = performance.now()
      if (more) timer = setImmediate(flush)
    }

    const state: Listening = { head: 0, channels, close: () => {} }
    const subscription = await storage.follow((batches: RecordBatch[], head: number) => {
      state.head = head
      for (const channel of channels.values()) channel.put(batches, head)
      if (timer) return
      const waitMs = flushedAt + flushIntervalMs - performance.now()
      if (waitMs <= 0) flush()
      else timer = setTimeout(flush, waitMs)
    })
    state.head = Math.max(state.head, subscription.head)
    state.close = () => {
      subscription.close()
      clearTimeout(timer as NodeJS.Timeout)
      clearImmediate(timer as NodeJS.Immediate)
    }
    return state
  }

  return {
    storage,
    async join(query, options) {
      const parsed = parseQuery(query)
      const predicate = compileQuery(parsed)
      users++
      let mine: Promise<Listening> | undefined
      try {
        mine = listening ??= listen()
        const { head, channels } = await mine
        const key = JSON.stringify(parsed)
        let channel = channels.get(key)
        if (!channel) {
          const limit = () => Math.min(channelHeldLimitBytes, heldLimitBytes / channels.size)
          const select = (batches: RecordBatch[]) =>
            recordsOf(
              batches.map((batch) => filterBatch(batch, predicate)).filter((batch) => batch !== undefined),
              'oldest',
            )
          channel = openChannel(head, select, limit)
          channels.set(key, channel)
        }
        return seatIn(channel, options, () => {
          if (channel.seats() === 0) channels.delete(key)
          release()
        })
      } catch (error) {
        if (listening === mine) listening = undefined
        users--
        throw error
      }
    },
  }

  function seatIn(channel: Channel, options: SeatOptions, left: () => void): Seat {
    const seat = channel.join(options)
    return {
      ...seat,
      leave() {
        seat.leave()
        left()
      },
    }
  }

  function release(): void {
    users--
    if (users > 0 || !listening) return
    const ended = listening
    listening = undefined
    void ended.then((state) => state.close())
  }
}
