// Lines of a file → its entries: a line that says no time goes on with the entry before it.
import type { LogRecord } from '../../contracts/record.ts'
import type { Entry } from './entry.ts'

export interface LineGroups {
  /** A line, and whether it says when it was. */
  add(record: LogRecord, text: string, isTimed: boolean): void
  /** An entry of its own, in the place where it comes. */
  addApart(record: LogRecord, text: string): void
  /** The entries that are complete. */
  take(): Entry[]
  /** All of them, also the one that might go on. */
  takeAll(): Entry[]
  /** Time of the newest entry; undefined before there is one. */
  lastTime(): number | undefined
  hasTimes(): boolean
}

/** An entry of more lines goes on as another one. */
const mostLines = 1000
const mostEarly = 100

export function openLineGroups(): LineGroups {
  let entries: Entry[] = []
  let linesOfLast = 0
  let lastTime: number | undefined
  let hasTimes = false

  function push(record: LogRecord, text: string): void {
    entries.push({ time: record.time, record, text })
    lastTime = record.time
    linesOfLast = 1
  }

  function take(keep: number): Entry[] {
    // Lines before the first that says a time wait for it, up to so many.
    const count = hasTimes || entries.length > mostEarly ? entries.length - keep : 0
    return count > 0 ? entries.splice(0, count) : []
  }

  return {
    add(record, text, isTimed) {
      if (isTimed && !hasTimes) {
        hasTimes = true
        for (const entry of entries) entry.time = entry.record.time = record.time
      }
      const last = entries.at(-1)
      if (!isTimed && last && linesOfLast > 0 && linesOfLast < mostLines) {
        linesOfLast++
        last.text += `\n${text}`
        last.record.message += `\n${text}`
        return
      }
      if (!isTimed && lastTime !== undefined) record.time = lastTime
      push(record, text)
    },
    addApart(record, text) {
      push(record, text)
      linesOfLast = 0
    },
    take: () => take(1),
    takeAll() {
      const all = entries
      entries = []
      return all
    },
    lastTime: () => lastTime,
    hasTimes: () => hasTimes,
  }
}
