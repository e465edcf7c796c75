// A view of the log as it lives in the page: asks the hub for lines and hands them to `feed-state.ts`, which decides what is
// shown. It knows nothing of React: the page reads its snapshots, at most one per animation frame.
import type { Client, SearchAnswer, SearchParameters, Subscription } from '../../../../src/client/index.ts'
import { openFrameQueue } from '../../hub/frame-queue.ts'
import { createStore } from '../../hub/store.ts'
import { toLogboomError } from '../../hub/to-logboom-error.ts'
import { nextFeed, openedFeed, pageSize, type FeedEvent, type FeedMode, type FeedState } from './feed-state.ts'
import { fillHole, firstId, lastId, replaceHole, type Hole, type Row } from './rows.ts'

export interface FeedSnapshot extends Pick<
  FeedState,
  'unkept' | 'phase' | 'unseen' | 'arrived' | 'older' | 'newer' | 'error' | 'isLost'
> {
  /** Changed in place; `version` tells when. */
  rows: readonly Row[]
  /** Number of `rows[0]`, see Rows. */
  first: number
  version: number
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

/** Records that are fetched into a hole at a time. */
const holeSize = 5000

export function openLogFeed({ client, query, at, limit = 50_000 }: FeedOptions): LogFeed {
  let state = openedFeed(limit, at === undefined)
  const shown = createStore(snapshotOf(state, 0))
  let follow: Subscription | undefined
  let isClosed = false
  const queue = openFrameQueue<FeedEvent>((events) => dispatch(...events))

  function publish(): void {
    if (!isClosed) shown.set(snapshotOf(state, shown.get().version + 1))
  }

  function dispatch(...events: FeedEvent[]): void {
    const before = state
    if (!isClosed) state = events.reduce(nextFeed, state)
    if (state === before) return
    if (state.follow !== before.follow) attach()
    publish()
  }

  function attach(): void {
    follow?.close()
    follow = state.follow && openFollow(client, query, state.follow.after, queue)
  }

  function search(parameters: SearchParameters): Promise<SearchAnswer> {
    return client.search({ query, limit: pageSize, ...parameters })
  }

  async function openAround(id: number): Promise<void> {
    const half = pageSize / 2
    const [before, after] = await Promise.all([
      search({ before: id + 1, order: 'newest', limit: half }),
      search({ after: id, order: 'oldest', limit: half }),
    ])
    const records = [...before.records.toReversed(), ...after.records]
    const followFrom = after.more ? undefined : after.cursor
    dispatch({ type: 'opened-around', records, hasOlder: before.more, followFrom })
  }

  attach()
  if (at !== undefined)
    openAround(at).catch((error: unknown) => dispatch({ type: 'failed', error: toLogboomError(error) }))

  return {
    snapshot: shown.get,
    subscribe: shown.subscribe,
    setMode: (mode) => dispatch({ type: 'mode', mode }),
    loadOlder() {
      const before = firstId(state.list)
      if (before === undefined || state.older === 'loading' || state.older === 'none') return
      dispatch({ type: 'reading', older: 'loading' })
      search({ before, order: 'newest' }).then(
        ({ records, more }) => dispatch({ type: 'older', records: records.toReversed(), more }),
        () => dispatch({ type: 'reading', older: 'failed' }),
      )
    },
    loadNewer() {
      if (state.phase !== 'detached' || state.newer === 'loading' || state.follow) return
      dispatch({ type: 'reading', newer: 'loading' })
      search({ after: lastId(state.list), order: 'oldest' }).then(
        ({ records, more, cursor }) => dispatch({ type: 'newer', records, more, cursor }),
        () => dispatch({ type: 'reading', newer: 'failed' }),
      )
    },
    fill(hole) {
      const loading = replaceHole(state.list, hole, 'loading')
      if (!loading) return
      publish()
      search({ after: hole.after, before: hole.before, order: 'oldest', limit: holeSize }).then(
        ({ records, more }) => {
          fillHole(state.list, loading, records, more)
          publish()
        },
        () => {
          replaceHole(state.list, loading, 'failed')
          publish()
        },
      )
    },
    close() {
      isClosed = true
      follow?.close()
      queue.close()
    },
  }
}

/** News of the hub go into the queue; those that end history are shown at once. */
function openFollow(
  client: Client,
  query: string,
  after: number | undefined,
  queue: { push(event: FeedEvent): void; flush(): void },
): Subscription {
  const pushAtOnce = (event: FeedEvent): void => {
    queue.push(event)
    queue.flush()
  }
  return client.follow(
    { query, slow: 'skip', ...(after === undefined ? { limit: pageSize } : { after }) },
    {
      records: (rows) => queue.push({ type: 'rows', rows }),
      unkept: (lines) => queue.push({ type: 'unkept', lines }),
      gap({ reason, after: from, before, lines, source }) {
        if (reason === 'new-log') return pushAtOnce({ type: 'renewed' })
        queue.push({
          type: 'rows',
          rows: [{ hole: true, after: from, before, lines, reason, state: 'open', ...(source ? { source } : {}) }],
        })
      },
      state(connection) {
        if (connection === 'live' || connection === 'lost') pushAtOnce({ type: connection })
      },
      error: (error) => pushAtOnce({ type: 'failed', error }),
    },
  )
}

function snapshotOf(
  { list, unkept, phase, unseen, arrived, older, newer, error, isLost }: FeedState,
  version: number,
): FeedSnapshot {
  return { rows: list.rows, first: list.first, version, unkept, phase, unseen, arrived, older, newer, error, isLost }
}
