// A view of the log in the order of event time as it lives in the page: asks the hub for records and hands them to `time-state.ts`.
// Knows nothing of React.
import type { SearchAnswer, SearchParameters, Subscription } from '../../../../src/client/index.ts'
import type { LogRecord } from '../../../../src/contracts/record.ts'
import { openFrameQueue } from '../../hub/frame-queue.ts'
import { createStore } from '../../hub/store.ts'
import { toLogboomError } from '../../hub/to-logboom-error.ts'
import { pageSize } from './feed-state.ts'
import type { FeedOptions, FeedSnapshot, LogFeed } from './log-feed.ts'
import { nextTimeFeed, openedTimeFeed, type TimeEvent, type TimeState } from './time-state.ts'

const retryMs = 1000
/** Records that were skipped, fetched at a time. */
const skippedAtOnce = 5000

export function openTimeFeed({ client, query, at, limit = 50_000 }: FeedOptions): LogFeed {
  let state = openedTimeFeed(limit, at === undefined)
  const shown = createStore(snapshotOf(state, 0))
  let follow: Subscription | undefined
  let isClosed = false
  /** The end of the log when a list around a record was opened. */
  let openedAt = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  const take = (records: readonly LogRecord[]): void => dispatch({ type: 'arrived', records, isLive: true })
  const queue = openFrameQueue<LogRecord>(take)

  function dispatch(event: TimeEvent): void {
    if (isClosed) return
    const before = state
    state = nextTimeFeed(state, event)
    if (state === before) return
    shown.set(snapshotOf(state, shown.get().version + 1))
    if (state.isStale && !before.isStale) void openLatest()
  }

  const fail = (error: unknown): void => dispatch({ type: 'failed', error: toLogboomError(error) })

  const search: Search = (parameters) => client.search({ query, limit: pageSize, ...parameters })

  function openFollow(after: number): void {
    follow?.close()
    if (isClosed) return
    follow = client.follow(
      { query, slow: 'skip', after },
      {
        records: (records) => records.forEach(queue.push),
        gap({ reason, after: from, before }) {
          if (reason === 'new-log') dispatch({ type: 'renewed' })
          else fetchSkipped(search, from, before, take).catch(fail)
        },
        state(connection) {
          if (connection === 'live' || connection === 'lost')
            dispatch({ type: 'connection', isLost: connection === 'lost' })
        },
        error: fail,
      },
    )
  }

  /** Records that came late, while a list around one was read, belong among those that were read before. */
  function goLive(cursor: number): void {
    openFollow(cursor)
    const until = (state.rows.at(-1)?.time ?? 0) + 1
    const takeUnseen = (records: readonly LogRecord[]): void => {
      const shown = new Set(state.rows.map(({ id }) => id))
      dispatch({ type: 'arrived', records: records.filter(({ id }) => !shown.has(id)), isLive: false })
    }
    const searchLate: Search = (parameters) => search({ ...parameters, until })
    fetchSkipped(searchLate, openedAt, cursor + 1, takeUnseen).catch(fail)
  }

  /** A hub that does not answer now may do so later. */
  async function openLatest(): Promise<void> {
    try {
      const { records, more, cursor } = await search({ order: 'latest' })
      dispatch({ type: 'opened', rows: records.toReversed(), hasOlder: more, phase: 'live' })
      openFollow(cursor)
    } catch (error) {
      fail(error)
      if (toLogboomError(error).code === 'not-running') retry = setTimeout(openLatest, retryMs)
    }
  }

  if (at === undefined) void openLatest()
  else
    searchAround(search, at)
      .then((page) => {
        openedAt = page?.cursor ?? 0
        dispatch(page ? { type: 'opened', ...page, phase: 'detached' } : { type: 'renewed' })
      })
      .catch(fail)

  return {
    snapshot: shown.get,
    subscribe: shown.subscribe,
    setMode: (mode) => dispatch({ type: 'mode', mode }),
    loadOlder() {
      const first = state.from
      if (!first || state.older === 'loading' || state.older === 'none') return
      dispatch({ type: 'reading', older: 'loading' })
      search({ order: 'latest', past: placeOf(first) }).then(
        ({ records, more }) => dispatch({ type: 'older', records: records.toReversed(), more, past: first }),
        () => first === state.from && dispatch({ type: 'reading', older: 'failed' }),
      )
    },
    loadNewer() {
      const last = state.rows.at(-1)
      if (!last || state.phase !== 'detached' || state.newer === 'loading') return
      dispatch({ type: 'reading', newer: 'loading' })
      search({ order: 'earliest', past: placeOf(last) }).then(
        ({ records, more, cursor }) => {
          if (last !== state.rows.at(-1)) return
          dispatch({ type: 'newer', records, more, past: last })
          if (!more) goLive(cursor)
        },
        () => last === state.rows.at(-1) && dispatch({ type: 'reading', newer: 'failed' }),
      )
    },
    // Skipped lines are fetched at once, so that there are no holes.
    fill: () => undefined,
    close() {
      isClosed = true
      clearTimeout(retry)
      follow?.close()
      queue.close()
    },
  }
}

const placeOf = ({ time, id }: LogRecord): string => `${time},${id}`

type Search = (parameters: SearchParameters) => Promise<SearchAnswer>

/** Lines that came faster than they could be sent are in the store. */
async function fetchSkipped(
  search: Search,
  after: number,
  before: number,
  take: (records: readonly LogRecord[]) => void,
): Promise<void> {
  for (let from = after; ;) {
    const { records, more } = await search({ after: from, before, order: 'oldest', limit: skippedAtOnce })
    take(records)
    if (!more || records.length === 0) return
    from = records.at(-1)!.id
  }
}

/** The records before and after one; undefined when it is not there. */
async function searchAround(
  search: Search,
  id: number,
): Promise<{ rows: LogRecord[]; hasOlder: boolean; cursor: number } | undefined> {
  const [record] = (await search({ before: id + 1, order: 'newest', limit: 1 })).records
  if (!record) return undefined
  const page = { past: placeOf(record), limit: pageSize / 2 }
  const [earlier, later] = await Promise.all([
    search({ order: 'latest', ...page }),
    search({ order: 'earliest', ...page }),
  ])
  const rows = [...earlier.records.toReversed(), record, ...later.records]
  return { rows, hasOlder: earlier.more, cursor: Math.min(earlier.cursor, later.cursor) }
}

function snapshotOf(
  { rows, first, phase, unseen, arrived, older, newer, error, isLost }: TimeState,
  version: number,
): FeedSnapshot {
  return { rows, first, version, unkept: [], phase, unseen, arrived, older, newer, error, isLost }
}
