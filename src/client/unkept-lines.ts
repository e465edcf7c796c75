// The lines that are shown and not kept, as a follower has them now: put together out of what the hub sends, for whoever
// shows them. Pure.
import type { LogRecord } from '../contracts/record.ts'
import type { FollowFrame, UnkeptRecord } from '../wire/follow-frame.ts'

export interface UnkeptLines {
  /** Another array after each change. */
  lines(): readonly UnkeptRecord[]
  take(frame: Extract<FollowFrame, { type: 'unkept' }>): void
  /** Records that are in the log now. */
  kept(records: readonly LogRecord[]): void
  /** A new connection: numbers begin anew, and what is shown is so only until it is known what waits now. */
  renew(): void
  /** The connection has become live, and tells before that of lines that wait: others of the one before are gone. */
  settle(): void
}

/** As many as the hub has. */
const mostLines = 1000

/** The identity of a line, kept or not. */
export const lineKey = ({ source, run, seq }: Pick<LogRecord, 'source' | 'run' | 'seq'>): string =>
  `${run} ${seq} ${source}`

export function openUnkeptLines(): UnkeptLines {
  let lines: readonly UnkeptRecord[] = []
  let isOld = false

  function change(next: readonly UnkeptRecord[]): void {
    if (next.length > 0 || lines.length > 0) lines = next
  }

  return {
    lines: () => lines,
    take({ first, records }) {
      const before = isOld ? [] : lines.filter(({ unkept }) => unkept >= first)
      isOld = false
      change([...before, ...records].slice(-mostLines))
    },
    kept(records) {
      if (lines.length === 0) return
      const keys = new Set(records.map(lineKey))
      const left = lines.filter((line) => !keys.has(lineKey(line)))
      if (left.length < lines.length) change(left)
    },
    renew: () => void (isOld = true),
    settle() {
      if (isOld) change([])
      isOld = false
    },
  }
}
