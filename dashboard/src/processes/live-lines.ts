// The one live follow behind all cards: limited per source and with repeats collapsed by the hub, shared out by source,
// once per animation frame.
import type { Client, UnkeptRecord } from '../../../src/client/index.ts'
import type { LogRecord } from '../../../src/contracts/record.ts'
import { openFrameQueue } from '../hub/frame-queue.ts'

/** Lines per second and source that cards show (A6). */
const rateLimit = 100

export interface LiveListener {
  records(records: LogRecord[]): void
  /** All lines that are captured and not kept now. */
  unkept(lines: readonly UnkeptRecord[]): void
  /** So many lines were not sent here. */
  heldBack(lines: number): void
  /** The record with this id has come so many more times; it may be another source's. */
  repeats(id: number, count: number): void
  /** What is shown belongs to a log that is gone. */
  renewed(): void
}

export interface LiveLines {
  /** From then on nothing passes by: history that is fetched later joins what comes live without a gap. */
  live: Promise<void>
  subscribe(source: string, listener: LiveListener): () => void
  close(): void
}

export function openLiveLines(client: Client): LiveLines {
  const listeners = new Map<string, Set<LiveListener>>()
  const { promise: live, resolve: becomesLive } = Promise.withResolvers<void>()
  const everybody = (): LiveListener[] => [...listeners.values()].flatMap((set) => [...set])
  let unkept = new Map<string, UnkeptRecord[]>()
  const queue = openFrameQueue<LogRecord[]>((batches) => {
    const bySource = Map.groupBy(batches.flat(), (record) => record.source)
    for (const [source, records] of bySource) for (const to of listeners.get(source) ?? []) to.records(records)
  })
  const unkeptQueue = openFrameQueue<readonly UnkeptRecord[]>((news) => {
    queue.flush()
    const before = unkept
    unkept = Map.groupBy(news.at(-1)!, (line) => line.source)
    for (const source of new Set([...before.keys(), ...unkept.keys()]))
      for (const to of listeners.get(source) ?? []) to.unkept(unkept.get(source) ?? [])
  })
  const follow = client.follow(
    { limit: 0, rateLimit, collapse: true, slow: 'skip' },
    {
      records: (records) => queue.push(records),
      unkept: (lines) => unkeptQueue.push(lines),
      state: (state) => void (state === 'live' && becomesLive()),
      repeats(id, count) {
        queue.flush()
        for (const to of everybody()) to.repeats(id, count)
      },
      gap({ reason, source, lines }) {
        if (reason === 'new-log') for (const to of everybody()) to.renewed()
        if (source === undefined || lines === 'unknown') return
        for (const to of listeners.get(source) ?? []) to.heldBack(lines)
      },
    },
  )
  return {
    live,
    subscribe(source, listener) {
      const set = listeners.get(source) ?? new Set()
      listeners.set(source, set.add(listener))
      if (unkept.has(source)) listener.unkept(unkept.get(source)!)
      return () => set.delete(listener)
    },
    close() {
      follow.close()
      queue.close()
      unkeptQueue.close()
    },
  }
}
