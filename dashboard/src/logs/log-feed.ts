// One view of the log as it lives in the page: history first, then live, bounded, held back while somebody reads or has
// paused. It knows nothing of React: the page reads its snapshots, at most one per animation frame.
import type { Client, LogboomError, UnkeptRecord } from '../../../src/client/index.ts'
import { openFrameQueue } from '../hub/frame-queue.ts'
import { toLogboomError } from '../hub/to-logboom-error.ts'
import {
  appendRows,
  createRows,
  fillHole,
  firstId,
  lastId,
  prependRows,
  replaceHole,
  rowLines,
  trimNewest,
  trimOldest,
  type Hole,
  type Row,
} from './rows.ts'

/** `follow`: the newest stays in sight. `read`: scrolled up, new lines are added below. `paused`: nothing moves. */
export type FeedMode = 'follow' | 'read' | 'paused'

export interface FeedSnapshot {
  /** The same array throughout; `version` tells that it changed. */
  rows: readonly Row[]
  /** Number of `rows[0]`, see Rows. */
  first: number
  version: number
  /** Lines behind the rows that are captured and not kept; the same array until they change. */
  unkept: readonly UnkeptRecord[]
  phase: 'loading' | 'live' | 'detached'
  /** Lines that came since the newest was last in sight. */
  unseen: number
  /** Lines that came live since the view was opened, those skipped included. */
  arrived: number
  older: 'idle' | 'loading' | 'failed' | 'none'
  newer: 'idle' | 'loading' | 'failed'
  error?: LogboomError
}

/** Begins in mode `follow`. */
export interface LogFeed {
  snapshot(): FeedSnapshot
  subscribe(listener: () => void): () => void
  setMode(mode: FeedMode): void
  loadOlder(): void
  loadNewer(): void
  fill(hole: Hole): void
  close(): void
}

export interface FeedOptions {
  client: Client
  query: string
  /** Opens around this record instead of at the newest. */
  at?: number
  /** Most records kept while following; twice as many while somebody reads. */
  limit?: number
}

const pageSize = 500

export function openLogFeed({ client, query, at, limit = 50_000 }: FeedOptions): LogFeed {
  let mode: FeedMode = 'follow'
  let list = createRows()
  /** What came while the view was held; never more than `limit`, the oldest go first, but all are counted. */
  let pending: Row[] = []
  let pendingLost = false
  /** As the hub has them now, whether shown or not. */
  let unkept: readonly UnkeptRecord[] = []
  let follow: { close(): void } | undefined
  let closed = false
  const listeners = new Set<() => void>()
  let state: FeedSnapshot = {
    rows: list.rows,
    first: 0,
    version: 0,
    unkept,
    phase: 'loading',
    unseen: 0,
    arrived: 0,
    older: 'idle',
    newer: 'idle',
  }

  function publish(change: Partial<FeedSnapshot> = {}): void {
    if (closed) return
    state = { ...state, ...change, rows: list.rows, first: list.first, version: state.version + 1 }
    for (const listener of listeners) listener()
  }

  const held = (): boolean => mode === 'paused' || (mode === 'read' && list.rows.length >= 2 * limit)

  function take(rows: readonly Row[]): void {
    let unseen = state.unseen
    let arrived = state.arrived
    if (state.phase === 'live') {
      for (const row of rows) arrived += rowLines(row)
      if (mode !== 'follow') unseen += arrived - state.arrived
    }
    // The first page is shown even when paused: an empty page would tell nothing.
    if (state.phase === 'live' && (held() || pending.length > 0)) {
      for (const row of rows) pending.push(row)
      if (pending.length > limit) {
        pending.splice(0, pending.length - limit)
        pendingLost = true
      }
    } else {
      appendRows(list, rows)
      if (mode === 'follow') trimOldest(list, limit)
    }
    // While nothing moves these do not, either.
    const shown = held() || pending.length > 0 ? state.unkept : unkept
    publish({ unseen, arrived, unkept: shown, older: list.first > 0 && state.older === 'none' ? 'idle' : state.older })
  }

  const queue = openFrameQueue<Row[]>((batches) => take(batches.length === 1 ? batches[0]! : batches.flat()))

  function release(): void {
    if (state.phase === 'detached') {
      list = { rows: [], first: list.first + list.rows.length }
      publish({ phase: 'loading', unseen: 0, older: 'idle' })
      attach(undefined)
      return
    }
    if (pendingLost) {
      // More came than fits: what was there would be trimmed anyway, and older lines are loaded from the store.
      list = { rows: [], first: list.first + list.rows.length }
    }
    appendRows(list, pending)
    trimOldest(list, limit)
    pending = []
    pendingLost = false
    publish({ unseen: 0, unkept, older: 'idle' })
  }

  /** So much history was read that the newest had to go; scrolling down loads it again. */
  function detach(): void {
    follow?.close()
    follow = undefined
    pending = []
    pendingLost = false
    unkept = []
    state = { ...state, unkept, phase: 'detached' }
  }

  function attach(after: number | undefined): void {
    follow?.close()
    follow = client.follow(
      { query, slow: 'skip', ...(after === undefined ? { limit: pageSize } : { after }) },
      {
        records: (records) => queue.push(records),
        unkept(lines) {
          unkept = lines
          queue.push([])
        },
        gap({ after: from, before, lines, reason, source }) {
          if (reason !== 'new-log') {
            queue.push([
              { hole: true, after: from, before, lines, reason, state: 'open', ...(source ? { source } : {}) },
            ])
            return
          }
          // Ids begin anew: another state directory. What is shown belongs to a log that is gone.
          queue.flush()
          list = { rows: [], first: list.first + list.rows.length }
          pending = []
          pendingLost = false
          publish({ phase: 'loading', unseen: 0, older: 'idle' })
        },
        state(connection) {
          if (connection !== 'live') return
          // History first, as history: it does not count as arrived.
          queue.flush()
          if (state.phase === 'live' && !state.error) return
          const whole =
            state.phase === 'loading' && after === undefined && list.first === 0 && list.rows.length < pageSize
          publish({ phase: 'live', error: undefined, ...(whole ? { older: 'none' as const } : {}) })
        },
        error: (error) => publish({ error, phase: 'live' }),
      },
    )
  }

  async function openAround(id: number): Promise<void> {
    const half = pageSize / 2
    const [before, after] = await Promise.all([
      client.search({ query, before: id + 1, order: 'newest', limit: half }),
      client.search({ query, after: id, order: 'oldest', limit: half }),
    ])
    appendRows(list, [...before.records.toReversed(), ...after.records])
    publish({ phase: 'detached', older: before.more ? 'idle' : 'none' })
    if (!after.more) attach(Math.max(after.cursor, lastId(list)))
  }

  if (at === undefined) attach(undefined)
  else openAround(at).catch((error: unknown) => publish({ phase: 'live', error: toLogboomError(error) }))

  return {
    snapshot: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    setMode(next) {
      if (next === mode) return
      mode = next
      if (next === 'follow') release()
      else if (next === 'read' && !held() && pending.length > 0 && !pendingLost) {
        appendRows(list, pending)
        pending = []
        publish({ unkept })
      }
    },
    loadOlder() {
      const before = firstId(list)
      if (before === undefined || state.older === 'loading' || state.older === 'none') return
      publish({ older: 'loading' })
      client.search({ query, before, order: 'newest', limit: pageSize }).then(
        ({ records, more }) => {
          prependRows(list, records.toReversed())
          if (trimNewest(list, 2 * limit) > 0) detach()
          publish({ older: more ? 'idle' : 'none' })
        },
        () => publish({ older: 'failed' }),
      )
    },
    loadNewer() {
      if (state.phase !== 'detached' || state.newer === 'loading' || follow) return
      publish({ newer: 'loading' })
      client.search({ query, after: lastId(list), order: 'oldest', limit: pageSize }).then(
        ({ records, more, cursor }) => {
          appendRows(list, records)
          trimOldest(list, 2 * limit)
          publish({ newer: 'idle' })
          if (!more) attach(Math.max(cursor, lastId(list)))
        },
        () => publish({ newer: 'failed' }),
      )
    },
    fill(hole) {
      const loading = replaceHole(list, hole, 'loading')
      if (!loading) return
      publish()
      client.search({ query, after: hole.after, before: hole.before, order: 'oldest', limit: 5000 }).then(
        ({ records, more }) => {
          fillHole(list, loading, records, more)
          publish()
        },
        () => {
          replaceHole(list, loading, 'failed')
          publish()
        },
      )
    },
    close() {
      closed = true
      follow?.close()
      queue.close()
    },
  }
}
