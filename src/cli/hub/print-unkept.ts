// Lines that are not kept yet, on a terminal, which cannot take anything back: printed once, marked, and not again when they come as
// records. If they are lost, a gap record that follows says so.
import { lineKey } from '../../client/unkept-lines.ts'
import type { LogRecord } from '../../contracts/record.ts'
import type { UnkeptRecord } from '../../wire/follow-frame.ts'

export interface ShownOnce {
  /** Records that have not been shown as not kept. */
  records(records: readonly LogRecord[]): readonly LogRecord[]
  /** Lines that have not been shown at all. */
  unkept(lines: readonly UnkeptRecord[]): readonly UnkeptRecord[]
}

/** Lines remembered; of more, the oldest are shown a second time. */
const mostLines = 50_000

export function openShownOnce(): ShownOnce {
  /** With their text: after a hub was killed, a number may come for another line. */
  const shown = new Map<string, string>()
  return {
    records: (records) =>
      shown.size === 0
        ? records
        : records.filter((record) => {
            const key = lineKey(record)
            const isShown = shown.get(key) === record.message
            shown.delete(key)
            return !isShown
          }),
    unkept: (lines) =>
      lines.filter((line) => {
        const key = lineKey(line)
        if (shown.get(key) === line.message) return false
        shown.set(key, line.message)
        if (shown.size > mostLines) shown.delete(shown.keys().next().value!)
        return true
      }),
  }
}
