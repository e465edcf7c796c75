// The content of the Logs page, and how it changes when lines come, pages of history come, or the reader scrolls, pauses and goes on. Knows
// neither the hub nor time; only the list of rows is changed in place, since it may have a hundred thousand.
import type { LogboomError, UnkeptRecord } from '../../../../src/client/index.ts'
import type { LogRecord } from '../../../../src/contracts/record.ts'
import {
  appendRows,
  createRows,
  lastId,
  prependRows,
  rowLines,
  trimNewest,
  trimOldest,
  type Row,
  type Rows,
} from './rows.ts'

/** `follow`: the newest stays in sight. `read`: scrolled up, new lines are added below. `paused`: nothing moves. */
export type FeedMode = 'follow' | 'read' | 'paused'

export interface FeedState {
  list: Rows
  mode: FeedMode
  /** Most records kept while following; twice as many while somebody reads. */
  limit: number
  /** Rows that came while the view was held; never more than `limit`, the oldest go first, but all are counted. */
  held: Row[]
  isHeldCut: boolean
  /** Lines that are captured and not kept: as the hub has them now, and those of them that are shown. */
  waiting: readonly UnkeptRecord[]
  unkept: readonly UnkeptRecord[]
  /** `detached`: the list ends before the newest line. */
  phase: 'loading' | 'live' | 'detached'
  /** The follow that should be open; absent: none. Another object is another follow. */
  follow?: { after?: number } | undefined
  /** Lines that came since the newest was last in sight. */
  unseen: number
  /** Lines that came live since the view was opened, those skipped included. */
  arrived: number
  older: 'idle' | 'loading' | 'failed' | 'none'
  newer: 'idle' | 'loading' | 'failed'
  error?: LogboomError | undefined
  /** The hub does not answer: lines that it has now are not here. */
  isLost: boolean
}

export type FeedEvent =
  | { type: 'rows'; rows: readonly Row[] }
  | { type: 'unkept'; lines: readonly UnkeptRecord[] }
  /** All that the follow had of history has come. */
  | { type: 'live' }
  | { type: 'lost' }
  /** Ids begin anew: what is shown belongs to a log that is gone. */
  | { type: 'renewed' }
  | { type: 'failed'; error: LogboomError }
  | { type: 'mode'; mode: FeedMode }
  | { type: 'opened-around'; records: readonly LogRecord[]; hasOlder: boolean; followFrom?: number | undefined }
  | { type: 'older'; records: readonly LogRecord[]; more: boolean }
  | { type: 'newer'; records: readonly LogRecord[]; more: boolean; cursor: number }
  | { type: 'reading'; older?: 'loading' | 'failed'; newer?: 'loading' | 'failed' }

/** Records asked for at a time. */
export const pageSize = 500

export function openedFeed(limit: number, isAtNewest: boolean): FeedState {
  return {
    list: createRows(),
    mode: 'follow',
    limit,
    held: [],
    isHeldCut: false,
    waiting: [],
    unkept: [],
    phase: 'loading',
    ...(isAtNewest ? { follow: {} } : {}),
    unseen: 0,
    arrived: 0,
    older: 'idle',
    newer: 'idle',
    isLost: false,
  }
}

export function nextFeed(now: FeedState, event: FeedEvent): FeedState {
  switch (event.type) {
    case 'rows':
      return withRows(now, event.rows)
    case 'unkept':
      return { ...now, waiting: event.lines, unkept: isHolding(now) ? now.unkept : event.lines }
    case 'live':
      return becomeLive(now)
    case 'lost':
      return { ...now, isLost: true }
    case 'renewed':
      return { ...now, ...emptied(now), phase: 'loading', unseen: 0, older: 'idle' }
    case 'failed':
      return { ...now, phase: 'live', error: event.error }
    case 'mode':
      return event.mode === now.mode ? now : inMode({ ...now, mode: event.mode })
    case 'opened-around': {
      appendRows(now.list, event.records)
      const follow =
        event.followFrom === undefined ? undefined : { after: Math.max(event.followFrom, lastId(now.list)) }
      return { ...now, phase: 'detached', older: event.hasOlder ? 'idle' : 'none', follow }
    }
    case 'older':
      return withOlder(now, event.records, event.more)
    case 'newer': {
      appendRows(now.list, event.records)
      trimOldest(now.list, 2 * now.limit)
      const follow = event.more ? now.follow : { after: Math.max(event.cursor, lastId(now.list)) }
      return { ...now, newer: 'idle', follow }
    }
    case 'reading':
      return { ...now, older: event.older ?? now.older, newer: event.newer ?? now.newer }
  }
}

/** Whether lines that come wait instead of being shown. */
function isHolding({ mode, list, limit, held }: FeedState): boolean {
  return mode === 'paused' || (mode === 'read' && list.rows.length >= 2 * limit) || held.length > 0
}

function withRows(now: FeedState, rows: readonly Row[]): FeedState {
  const { list, mode, limit, held } = now
  // The first page is shown even when paused: an empty page would tell nothing.
  const isLive = now.phase === 'live'
  let lines = 0
  let { isHeldCut } = now
  if (isLive) for (const row of rows) lines += rowLines(row)
  if (isLive && isHolding(now)) {
    for (const row of rows) held.push(row)
    if (held.length > limit) {
      held.splice(0, held.length - limit)
      isHeldCut = true
    }
  } else {
    appendRows(list, rows)
    if (mode === 'follow') trimOldest(list, limit)
  }
  return {
    ...now,
    isHeldCut,
    arrived: now.arrived + lines,
    unseen: mode === 'follow' ? now.unseen : now.unseen + lines,
    older: list.first > 0 && now.older === 'none' ? 'idle' : now.older,
  }
}

function becomeLive(now: FeedState): FeedState {
  const { list, phase, follow, error, isLost } = now
  if (phase === 'live' && !error && !isLost) return now
  const isWhole = phase === 'loading' && follow?.after === undefined && list.first === 0 && list.rows.length < pageSize
  return { ...now, phase: 'live', error: undefined, isLost: false, older: isWhole ? 'none' : now.older }
}

function inMode(now: FeedState): FeedState {
  const { list, mode, limit, held, isHeldCut } = now
  if (mode === 'paused') return now
  if (mode === 'read') {
    if (isHeldCut || isHolding({ ...now, held: [] })) return now
    appendRows(list, held)
    return { ...now, held: [], unkept: now.waiting }
  }
  if (now.phase === 'detached')
    return { ...now, ...emptied(now), phase: 'loading', unseen: 0, older: 'idle', follow: {} }
  // When more came than fits, what was there would be trimmed anyway, and older lines are loaded from the store.
  const shown = isHeldCut ? emptied(now).list : list
  appendRows(shown, held)
  trimOldest(shown, limit)
  return { ...now, list: shown, held: [], isHeldCut: false, unseen: 0, unkept: now.waiting, older: 'idle' }
}

/** So much history may come that the newest has to go; scrolling down loads it again. */
function withOlder(now: FeedState, records: readonly LogRecord[], more: boolean): FeedState {
  prependRows(now.list, records)
  const older = more ? 'idle' : 'none'
  if (trimNewest(now.list, 2 * now.limit) === 0) return { ...now, older }
  const nothing = { held: [], isHeldCut: false, waiting: [], unkept: [] }
  return { ...now, ...nothing, phase: 'detached', follow: undefined, older }
}

/** No rows; place numbers go on. */
function emptied({ list }: FeedState): Pick<FeedState, 'list' | 'held' | 'isHeldCut'> {
  return { list: { rows: [], first: list.first + list.rows.length }, held: [], isHeldCut: false }
}
