// The messages of `/api/v1/follow`, in both directions: what server, client and dashboard agree on.
import type { NamedRecord, SeverityName } from '../contracts/record.ts'
import type { ErrorBody } from './hub-view.ts'

export interface FollowRequest {
  /** Everything after this cursor, then live. Absent: the newest `limit` matching records, then live. */
  after?: number
  /** In the query language; empty or absent matches everything. */
  query?: string
  /**
   * Only lines that are shown: of the levels and services that consoles and streams show, as that changes; or from this level on,
   * whatever levels are shown. Without it all come.
   */
  shown?: boolean | SeverityName
  /** How many records to begin with when `after` is absent: 0 to 10,000, default 200. */
  limit?: number
  /** At most so many records per second of capture time and source; what is held back is told in gap frames. */
  rateLimit?: number
  /**
   * Repeats of the same source, severity and message are counted, not sent: `true`, those within 30 s of the line that was
   * sent; `adjacent`, those of the same run that no other line comes between, in history as well.
   */
  collapse?: boolean | 'adjacent'
  /**
   * Treatment of a reader that does not keep up. `catch-up` (default): it gets everything, at its own pace, from
   * the store. `skip`: it is told how much it missed and goes on with the newest.
   */
  slow?: 'catch-up' | 'skip'
}

/**
 * `new-log`: the hub's log is younger than the cursor asked for, so that cursor means nothing here; the newest records
 * follow, as without `after`. `overload`: only in streams of dialects.
 */
export type GapReason = 'slow-client' | 'rate-limit' | 'overload' | 'new-log'

/** A line that is captured and not in the log, since the store cannot be written: it has a number in place of an id. */
export type UnkeptRecord = Omit<NamedRecord, 'id'> & { unkept: number }

/** In every frame, `cursor` means: everything up to it has been considered, so it is what to resume from. */
export type FollowFrame =
  | { type: 'records'; records: NamedRecord[]; cursor: number }
  /** History has been given; what comes now is being written now. Sent again whenever a slow reader has caught up. */
  | { type: 'live'; cursor: number }
  | { type: 'heartbeat'; cursor: number }
  /** The missing lines have ids between `after` and `before`, both exclusive; `/api/v1/search` takes the same words. */
  | { type: 'gap'; after: number; before: number; lines: number | 'unknown'; reason: GapReason; source?: string }
  /** The record with id `of` has come `count` more times by now. A later frame for the same id replaces the count. */
  | { type: 'repeats'; of: number; count: number }
  /**
   * With `adjacent`: all records from `of` to `newest` say the same, `count` of them and the first. `newest` takes the place of
   * the one that was sent, whose id lies between. `atLeast`: they may be more, since nobody looked further back.
   */
  | { type: 'repeats'; of: number; count: number; newest: NamedRecord; atLeast?: true }
  /**
   * More lines that cannot be kept now, the newest of them, numbers ascending. Those shown before whose numbers are smaller
   * than `first` are to be taken back: they come, or came, as records, or are lost, which a record of kind `gap` tells. No
   * cursor: these lines are no place to resume from. A new connection is given anew what waits then.
   */
  | { type: 'unkept'; first: number; records: UnkeptRecord[] }
  | { type: 'error'; error: ErrorBody }
