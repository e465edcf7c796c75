// The content of a list in the order of event time, and how it changes when records come, pages of history come, or the reader scrolls,
// pauses and goes on. Knows neither the hub nor React.
import type { LogboomError } from '../../../../src/client/index.ts'
import type { LogRecord } from '../../../../src/contracts/record.ts'
import type { FeedMode, FeedState } from './feed-state.ts'
import { byTime, mergeByTime } from './time-rows.ts'

export interface TimeState extends Pick<
  FeedState,
  'phase' | 'mode' | 'limit' | 'unseen' | 'arrived' | 'older' | 'newer' | 'error' | 'isLost'
> {
  /** In order of time. */
  rows: readonly LogRecord[]
  /** Number of `rows[0]`, see Rows. */
  first: number
  /** Records that came while somebody reads or has paused; none beyond `limit`, the list is then stale when it goes on. */
  held: readonly LogRecord[]
  isHeldCut: boolean
  /** Everything from here on is in the list: records before it come by pages alone, whichever came late. */
  from?: LogRecord | undefined
  /** Records before `from` that came while an older page was asked for, which may not have them. */
  early: readonly LogRecord[]
  /** The newest page is to be fetched anew. */
  isStale: boolean
}

export type TimeEvent =
  | { type: 'opened'; rows: readonly LogRecord[]; hasOlder: boolean; phase: 'live' | 'detached' }
  | { type: 'arrived'; records: readonly LogRecord[]; isLive: boolean }
  | { type: 'mode'; mode: FeedMode }
  /** `past`: where the page was asked for; the list may begin, or end, elsewhere by now. */
  | { type: 'older'; records: readonly LogRecord[]; more: boolean; past: LogRecord }
  | { type: 'newer'; records: readonly LogRecord[]; more: boolean; past: LogRecord }
  | { type: 'reading'; older?: 'loading' | 'failed'; newer?: 'loading' | 'failed' }
  | { type: 'connection'; isLost: boolean }
  | { type: 'renewed' }
  | { type: 'failed'; error: LogboomError }

/** `isAtNewest`: it begins with the newest page. */
export function openedTimeFeed(limit: number, isAtNewest: boolean): TimeState {
  return {
    rows: [],
    first: 0,
    held: [],
    isHeldCut: false,
    early: [],
    isStale: isAtNewest,
    mode: 'follow',
    limit,
    phase: 'loading',
    unseen: 0,
    arrived: 0,
    older: 'idle',
    newer: 'idle',
    isLost: false,
  }
}

export function nextTimeFeed(now: TimeState, event: TimeEvent): TimeState {
  switch (event.type) {
    case 'opened': {
      const [{ rows, phase }, first] = [event, now.first + now.rows.length]
      const shown = { rows, phase, first, from: rows[0], older: event.hasOlder ? 'idle' : 'none' } as const
      const settled = {
        newer: 'idle',
        held: [],
        isHeldCut: false,
        early: [],
        unseen: 0,
        error: undefined,
        isStale: false,
      } as const
      return { ...now, ...shown, ...settled }
    }
    case 'arrived':
      return arrive({ ...now, arrived: now.arrived + (event.isLive ? event.records.length : 0) }, event.records)
    case 'mode':
      return inMode(now, event.mode)
    case 'older':
      return event.past === now.from ? withOlder(now, event.records, event.more) : now
    case 'newer': {
      if (event.past !== now.rows.at(-1)) return now
      const phase = event.more ? now.phase : 'live'
      return { ...now, rows: mergeByTime(now.rows, event.records), newer: 'idle', phase }
    }
    case 'reading':
      return { ...now, older: event.older ?? now.older, newer: event.newer ?? now.newer }
    case 'connection':
      return { ...now, isLost: event.isLost }
    case 'renewed':
      return { ...now, isStale: true }
    case 'failed':
      return { ...now, phase: 'live', error: event.error, isStale: false }
  }
}

function withOlder(now: TimeState, page: readonly LogRecord[], more: boolean): TimeState {
  const { rows, early } = now
  const from = page[0] ?? now.from
  const missed = more && from ? early.filter((record) => byTime(record, from) >= 0) : early
  const added = mergeByTime(page, missed).filter((record) => !rows[0] || byTime(record, rows[0]) < 0)
  const list = { rows: [...added, ...rows], first: now.first - added.length, from: more ? from : (added[0] ?? from) }
  return { ...now, ...list, early: [], older: more ? 'idle' : 'none' }
}

/** Late records would move what somebody reads. */
function arrive(now: TimeState, records: readonly LogRecord[]): TimeState {
  if (now.mode !== 'follow') {
    const isHeldCut = now.isHeldCut || now.held.length + records.length > now.limit
    return { ...now, isHeldCut, held: isHeldCut ? [] : [...now.held, ...records], unseen: now.unseen + records.length }
  }
  const { from, older, limit } = now
  // Of older pages that are not here yet one record alone would hide the others.
  const isEarly = (record: LogRecord): boolean => from !== undefined && older !== 'none' && byTime(record, from) < 0
  const rows = mergeByTime(now.rows, records.filter((record) => !isEarly(record))) // oxfmt-ignore
  const early = older === 'loading' ? [...now.early, ...records.filter(isEarly)] : []
  const over = rows.length - limit
  if (over <= 0) return { ...now, rows, early, from: from ?? rows[0] }
  return { ...now, rows: rows.slice(over), first: now.first + over, from: rows[over], early: [], older: 'idle' }
}

function inMode(now: TimeState, mode: FeedMode): TimeState {
  const next = { ...now, mode }
  if (mode !== 'follow' || now.mode === mode) return next
  if (now.phase === 'detached' || now.isHeldCut) return { ...next, isStale: true }
  return arrive({ ...next, held: [], unseen: 0 }, now.held)
}
