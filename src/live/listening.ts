// Commits as they come, handed to all channels and encoded by them in turns, so that neither a commit nor a query holds up the
// event loop for long.
import type { Storage } from '../contracts/storage.ts'
import type { Channel } from './channel.ts'

/** A time of listening to the storage, with its channels. */
export interface Listening {
  head: number
  channels: Map<string, Channel>
  close(): void
}

/**
 * Between two flushes: as little as a line may wait, unless flushing takes so long (many followers) that it would eat
 * more than a tenth of this thread. The first line after quiet does not wait at all.
 */
const flushIntervalMs = { least: 4, most: 80, timesWork: 20 }
/** How long encoding may hold up the event loop at a time. */
const workMs = 10
export async function listen(storage: Storage): Promise<Listening> {
  const channels = new Map<string, Channel>()
  let timer: NodeJS.Timeout | NodeJS.Immediate | undefined
  let flushFrom = 0
  let turn = 0

  function flush(): void {
    timer = undefined
    const begin = performance.now()
    const all = [...channels.values()]
    let more = false
    // Each flush goes on where the last one ran out of time, so that no channel waits behind the others for ever.
    for (let left = all.length; left > 0; left--) {
      if (performance.now() > begin + workMs) {
        more = true
        break
      }
      more = all[turn++ % all.length]!.work(begin + workMs) || more
    }
    const end = performance.now()
    const { least, most, timesWork } = flushIntervalMs
    flushFrom = end + Math.min(most, Math.max(least, (end - begin) * timesWork))
    if (more) timer = setImmediate(flush)
  }

  const state: Listening = { head: 0, channels, close: () => {} }
  const subscription = await storage.follow((batches, head, missed) => {
    state.head = head
    for (const channel of channels.values()) channel.put(batches, head, missed)
    if (timer) return
    const waitMs = flushFrom - performance.now()
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
