// Something to merge → its entries, read from the beginning, archives unpacked.
import { setTimeout as sleep } from 'node:timers/promises'
import type { FileIdentity } from '../../contracts/source-storage.ts'
import type { StreamFile } from '../../tail/stream-file.ts'
import type { TailChunk } from '../../tail/tail-chunk.ts'
import { openTail } from '../../tail/tail.ts'
import type { Calendar } from '../../time/calendar.ts'
import { mostEntryBytes, type Entry, type RawText } from './entry.ts'
import { openLineGroups } from './group-lines.ts'
import type { KnownBeginnings } from './known-beginnings.ts'
import type { LogFile } from './list-log-files.ts'
import { openInput } from './open-input.ts'
import { openRecordShaper } from './shape-records.ts'

export interface EntryReader {
  /** The next complete entries; undefined when there are none now. `final`: the file's last line needs no newline. */
  read(final: boolean): Promise<Entry[] | undefined>
  /** Entries that might have gone on. */
  takeLast(): Entry[]
  /** Something has been read, and no time in it. */
  isTimeless(): boolean
  /** Lines were found that are too long to be read at once. */
  hasParts(): boolean
  /** A stream, such as a pipe: its end is the end. */
  isStream: boolean
  /** Of a stream nothing more will come. */
  hasEnded(): boolean
  identity: FileIdentity
  /** The file is called so now. */
  rename(path: string): void
  close(): void
}

export interface ReaderOptions {
  calendar: Calendar
  /** So long is waited for a stream, all in all. */
  patienceMs: number
  /** Told how files begin. */
  beginnings?: KnownBeginnings | undefined
}

const newline = 10

/** Throws as the system does. */
export async function openEntryReader(named: LogFile, options: ReaderOptions): Promise<EntryReader> {
  const { file, path, stream, refusal, unpacked } = await openInput(named)
  const identity = { device: file.device, inode: file.inode }
  const tail = openTail({ path, file, identity, maxLineBytes: mostEntryBytes })
  const { calendar, patienceMs, beginnings } = options
  const shaper = openRecordShaper(named.source, calendar)
  const groups = openLineGroups()
  let patience = patienceMs
  let hasParts = false

  function add(chunk: TailChunk): void {
    // A moment that no line names: half a millisecond, of which digits are left at any time.
    const observed = Math.floor(file.stat().mtimeMs) + 0.5
    if (chunk.gap) {
      const gap = shaper.gap(chunk.gap, groups.lastTime() ?? observed)
      groups.addApart(gap, `[gap] ${gap.message}\n`)
    }
    const { start, end } = chunk
    const text = Buffer.from(chunk.text.buffer, chunk.text.byteOffset, chunk.text.length)
    if (chunk.fragment !== undefined) hasParts = true
    const isWhole = text.at(-1) === newline || chunk.lastFragment === false
    const rawOf = (row: number): RawText => {
      const [from, to] = [start[row]!, start[row + 1] ?? text.length]
      if (isWhole || to < text.length) return { text, from, to }
      // The last line of all needs a newline where others follow.
      return { text: Buffer.concat([text.subarray(from), Buffer.of(newline)]), from: 0, to: to - from + 1 }
    }
    for (const [row, record] of shaper.lines(chunk, observed).entries())
      groups.add({
        record,
        raw: rawOf(row),
        text: () => text.toString('utf8', start[row], end[row]),
        isTimed: record.time !== observed,
        isWithinLine: (chunk.fragment ?? 1) > 1,
      })
  }

  /** False: nothing has come in the time that is left. */
  async function waitFor(coming: StreamFile): Promise<boolean> {
    const size = coming.stat().size
    const isMore = (): boolean => {
      const now = coming.stat().size
      // Parts of a line that are looked at again and again would take the square of its length.
      return coming.isWhole() || coming.lineEnd() > size || now - tail.offset() >= mostEntryBytes
    }
    const startedAt = performance.now()
    const timeout = new AbortController()
    const timedOut = patience === Infinity || coming === unpacked ? undefined : sleep(patience, true, { signal: timeout.signal }).catch(() => true) // oxfmt-ignore
    while (!isMore()) {
      const isOver = await Promise.race([coming.more(), ...(timedOut ? [timedOut] : [])])
      if (isOver) break
    }
    timeout.abort()
    if (coming === stream) patience = Math.max(0, patience - (performance.now() - startedAt))
    return isMore()
  }

  const coming = stream ?? unpacked
  return {
    async read(final) {
      for (;;) {
        const size = coming?.stat().size
        const offset = tail.offset()
        const chunk = tail.read(final || coming?.isWhole() === true)
        const refused = refusal?.()
        if (refused) throw refused
        if (chunk) {
          beginnings?.add(tail, offset, chunk.text)
          add(chunk)
          return groups.take()
        }
        if (!coming || coming.isWhole()) return undefined
        // While it was read, more may have come.
        if (coming.stat().size > size!) continue
        if (!(await waitFor(coming))) return undefined
      }
    },
    takeLast: groups.takeAll,
    isTimeless: () => groups.lastTime() !== undefined && !groups.hasTimes(),
    hasParts: () => hasParts,
    isStream: stream !== undefined,
    hasEnded: () => stream?.isWhole() === true,
    identity: tail.identity,
    rename: tail.rename,
    close: tail.close,
  }
}
