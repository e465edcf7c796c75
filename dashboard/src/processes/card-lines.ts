// The lines of one card: the newest hundred that match its filter, as the hub gives them. What matches and what repeats the
// line before it is decided there alone, for lines of the store and live ones alike.
import type { Client, LogboomError, UnkeptRecord } from '../../../src/client/index.ts'
import type { LogRecord, SeverityName } from '../../../src/contracts/record.ts'
import { openFrameQueue } from '../hub/frame-queue.ts'
import { createStore, type Store } from '../hub/store.ts'
import { composeQuery, levelsFrom, type LogView } from '../logs/view.ts'

/** Most entries of one process that the page holds (A8). */
export const maxCardLines = 100
/** Lines per second that a card shows (A6). */
const rateLimit = 100

export interface CardFilter {
  /** The least severe level that is shown; absent: as the hub says. */
  level?: SeverityName
  /** In the query language. */
  text: string
}

export interface CardEntry {
  /** The newest of those that say the same. */
  record: LogRecord
  /** How many more there are, without another line between. */
  repeats: number
  /** There may be more than `repeats`. */
  atLeast?: boolean
}

export interface CardLines {
  entries: readonly CardEntry[]
  /** The newest lines behind the entries that are captured and not kept. */
  unkept: readonly UnkeptRecord[]
  /** Lines that the hub held back from this card since it came into sight. */
  heldBack: number
  state: 'loading' | 'ready' | 'failed'
  /** Of a filter that the hub does not understand. */
  error?: LogboomError
}

export const noCardLines: CardLines = { entries: [], unkept: [], heldBack: 0, state: 'loading' }

/** The hub's news, in the order in which they come. */
export type CardNews =
  | { type: 'records'; records: readonly LogRecord[] }
  | { type: 'repeats'; of: number; newest: LogRecord; count: number; atLeast: boolean }
  | { type: 'unkept'; lines: readonly UnkeptRecord[] }
  | { type: 'held-back'; lines: number }
  | { type: 'refused'; error: LogboomError }
  | { type: 'renewed' | 'live' | 'lost' }

export function openCardLines(
  client: Client,
  source: string,
  filter: CardFilter,
): { lines: Store<CardLines>; close(): void } {
  const lines = createStore(noCardLines)
  const queue = openFrameQueue<CardNews>((news) => lines.set(news.reduce(nextLines, lines.get())))
  const follow = client.follow(
    {
      query: composeQuery(cardView(source, { text: filter.text })),
      shown: filter.level ?? true,
      limit: maxCardLines,
      rateLimit,
      collapse: 'adjacent',
      slow: 'skip',
    },
    {
      records: (records) => queue.push({ type: 'records', records }),
      unkept: (held) => queue.push({ type: 'unkept', lines: held }),
      repeats: (of, count, folded) =>
        folded && queue.push({ type: 'repeats', of, count, newest: folded.newest, atLeast: folded.atLeast ?? false }),
      gap({ reason, lines: left }) {
        if (reason === 'new-log') queue.push({ type: 'renewed' })
        else if (left !== 'unknown') queue.push({ type: 'held-back', lines: left })
      },
      error: (error) => error.code === 'query-invalid' && queue.push({ type: 'refused', error }),
      state(state) {
        if (state === 'live' || state === 'lost') queue.push({ type: state })
      },
    },
  )
  return {
    lines,
    close() {
      follow.close()
      queue.close()
    },
  }
}

export function nextLines(now: CardLines, news: CardNews): CardLines {
  switch (news.type) {
    case 'records':
      return { ...now, entries: [...now.entries, ...news.records.map(alone)].slice(-maxCardLines) }
    case 'repeats':
      return { ...now, entries: withRepeats(now.entries, news) }
    case 'unkept':
      return { ...now, unkept: news.lines.slice(-maxCardLines) }
    case 'held-back':
      return { ...now, heldBack: now.heldBack + news.lines }
    case 'refused':
      return { ...now, state: 'ready', error: news.error }
    case 'renewed':
      return noCardLines
    case 'live':
      return { ...now, state: 'ready' }
    case 'lost':
      return now.state === 'loading' ? { ...now, state: 'failed' } : now
  }
}

function alone(record: LogRecord): CardEntry {
  return { record, repeats: 0 }
}

/** The newest takes the place of the entry that it repeats. */
function withRepeats(
  entries: readonly CardEntry[],
  { of, newest, count, atLeast }: Extract<CardNews, { type: 'repeats' }>,
): readonly CardEntry[] {
  const at = entries.findLastIndex(({ record }) => record.id >= of && record.id <= newest.id)
  if (at < 0) return entries
  const repeats = atLeast ? Math.max(count, entries[at]!.repeats) : count
  return entries.with(at, { record: newest, repeats, ...(atLeast ? { atLeast } : {}) })
}

/** The card as a view of the Logs page: the same lines are there. */
export function cardView(source: string, { level, text }: CardFilter): LogView {
  return { q: text, levels: levelsFrom(level), sources: [source], wrap: false, paused: false }
}
