// A view of the log in the order of event time as it lives in the page: asks the hub for records and hands them to `time-state.ts`.
// Knows nothing of React.
import type { Client, Subscription } from '../../../../src/client/index.ts'
import type { LogRecord } from '../../../../src/contracts/record.ts'
import { openFrameQueue } from '../../hub/frame-queue.ts'
import { createStore } from '../../hub/store.ts'
import { toLogboomError } from '../../hub/to-logboom-error.ts'
import { pageSize } from './feed-state.ts'
import type { FeedOptions, FeedSnapshot, LogFeed } from './log-feed.ts'
import { fetchBetween, pagePast, searchAround, type Search } from './time-pages.ts'
import { withoutRows } from './time-rows.ts'
import { nextTimeFeed, openedTimeFeed, type TimeEvent, type TimeState } from './time-state.ts'

const retryMs = 1000

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
    if (!isClosed) follow = followFrom(client, query, after, { push: queue.push, takeSkipped, dispatch, fail })
  }

  // Lines that came faster than they could be sent are in the store.
  const takeSkipped = (after: number, before: number): void =>
    void fetchBetween(search, { after, before }, take).catch(fail)

  /** Records that came late, while a list around one was read, belong among those that were read before. */
  function goLive(cursor: number): void {
    openFollow(cursor)
    const until = (state.rows.at(-1)?.time ?? 0) + 1
    const takeUnseen = (records: readonly LogRecord[]): void =>
      dispatch({ type: 'arrived', records: withoutRows(records, state.rows), isLive: false })
    fetchBetween(search, { after: openedAt, before: cursor + 1, until }, takeUnseen).catch(fail)
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
      search({ order: 'latest', past: pagePast(first) }).then(
        ({ records, more }) => dispatch({ type: 'older', records: records.toReversed(), more, past: first }),
        () => first === state.from && dispatch({ type: 'reading', older: 'failed' }),
      )
    },
    loadNewer() {
      const last = state.rows.at(-1)
      if (!last || state.phase !== 'detached' || state.newer === 'loading') return
      dispatch({ type: 'reading', newer: 'loading' })
      search({ order: 'earliest', past: pagePast(last) }).then(
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

interface News {
  push(record: LogRecord): void
  takeSkipped(after: number, before: number): void
  dispatch(event: TimeEvent): void
  fail(error: unknown): void
}

function followFrom(
  client: Client,
  query: string,
  from: number,
  { push, takeSkipped, dispatch, fail }: News,
): Subscription {
  // oxfmt-ignore
  return client.follow(
    { query, slow: 'skip', after: from },
    {
      records: (records) => records.forEach(push),
      gap({ reason, after, before }) {
        if (reason === 'new-log') dispatch({ type: 'renewed' })
        else takeSkipped(after, before)
      },
      state(connection) {
        if (connection === 'live' || connection === 'lost')
          dispatch({ type: 'connection', isLost: connection === 'lost' })
      },
      error: fail,
    },
  )
}

function snapshotOf(
  { rows, first, phase, unseen, arrived, older, newer, error, isLost }: TimeState,
  version: number,
): FeedSnapshot {
  return { rows, first, version, unkept: [], phase, unseen, arrived, older, newer, error, isLost }
}
