// Lines of a file → its entries: a line that says no time goes on with the entry before it.
import type { LogRecord } from '../../contracts/record.ts'
import { mostEntryBytes, type Entry, type RawText } from './entry.ts'

export interface Line {
  record: LogRecord
  raw: RawText
  /** The line without its newline, as the record has it where it says nothing of itself. */
  text(): string
  /** The line says when it was. */
  isTimed: boolean
  /** Goes on with a line that was too long to be read at once. */
  isWithinLine: boolean
}

export interface LineGroups {
  add(line: Line): void
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

  function push(record: LogRecord, raw: RawText): Entry {
    const entry = { time: record.time, record, raw: [raw], bytes: raw.to - raw.from }
    entries.push(entry)
    lastTime = record.time
    linesOfLast = 1
    return entry
  }

  function take(keep: number): Entry[] {
    // Lines before the first that says a time wait for it, up to so many.
    const count = hasTimes || entries.length > mostEarly ? entries.length - keep : 0
    return count > 0 ? entries.splice(0, count) : []
  }

  /** The first line of another entry that belongs to the last one, which is full. */
  function goOn(last: Entry, { record, raw, isWithinLine }: Line): void {
    record.time = last.time
    record.severity = last.record.severity
    last.whole ??= {}
    Object.assign(push(record, raw), { whole: last.whole, isWithinLine })
  }

  return {
    add(line) {
      const { record, raw, isTimed, isWithinLine } = line
      const isNew = isTimed && !isWithinLine
      if (isNew && !hasTimes) {
        hasTimes = true
        for (const entry of entries) entry.time = entry.record.time = record.time
      }
      const last = linesOfLast > 0 ? entries.at(-1) : undefined
      if (isNew || !last) {
        if (!isNew && lastTime !== undefined && (hasTimes || isWithinLine)) record.time = lastTime
        push(record, raw).isWithinLine = isWithinLine
      } else if (linesOfLast >= mostLines || last.bytes + raw.to - raw.from > mostEntryBytes) goOn(last, line)
      else {
        linesOfLast++
        last.bytes += raw.to - raw.from
        last.record.message += isWithinLine ? line.text() : `\n${line.text()}`
        const before = last.raw.at(-1)!
        if (before.text === raw.text && before.to === raw.from) before.to = raw.to
        else last.raw.push(raw)
      }
    },
    addApart(record, text) {
      const bytes = Buffer.from(text)
      push(record, { text: bytes, from: 0, to: bytes.length })
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
