// A log file → its entries, read from the beginning, archives unpacked.
import { realpathSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { FileIdentity } from '../../contracts/source-storage.ts'
import type { TailChunk } from '../../tail/tail-chunk.ts'
import { openTail } from '../../tail/tail.ts'
import { openTailedFile } from '../../tail/tailed-file.ts'
import { openUnpackedFile } from '../../tail/unpacked-file.ts'
import type { Calendar } from '../../time/calendar.ts'
import type { Entry } from './entry.ts'
import { openLineGroups } from './group-lines.ts'
import type { LogFile } from './list-log-files.ts'
import { openRecordShaper } from './shape-records.ts'

export interface EntryReader {
  /** The next complete entries; undefined when there are none now. `final`: the file's last line needs no newline. */
  read(final: boolean): Promise<Entry[] | undefined>
  /** Entries that might have gone on. */
  takeLast(): Entry[]
  /** Something has been read, and no time in it. */
  isTimeless(): boolean
  identity: FileIdentity
  close(): void
}

/** Throws as the system does. */
export async function openEntryReader({ path: named, source }: LogFile, calendar: Calendar): Promise<EntryReader> {
  const path = realpathSync(named)
  const plain = openTailedFile(path)
  const identity = { device: plain.device, inode: plain.inode }
  const isPacked = /\.(?:gz|zst)$/.test(path)
  const file = isPacked ? await openUnpackedFile(path, identity).finally(() => plain.close()) : plain
  const tail = openTail({ path, file, identity })
  const shaper = openRecordShaper(source, calendar)
  const groups = openLineGroups()

  function add(chunk: TailChunk): void {
    // A moment that no line names: half a millisecond, of which digits are left at any time.
    const observed = Math.floor(file.stat().mtimeMs) + 0.5
    if (chunk.gap) {
      const gap = shaper.gap(chunk.gap, groups.lastTime() ?? observed)
      groups.addApart(gap, `[gap] ${gap.message}`)
    }
    const text = Buffer.from(chunk.text.buffer, chunk.text.byteOffset, chunk.text.length)
    for (const [row, record] of shaper.lines(chunk, observed).entries())
      groups.add(record, text.toString('utf8', chunk.start[row], chunk.end[row]), record.time !== observed)
  }

  return {
    async read(final) {
      for (;;) {
        const chunk = tail.read(final)
        if (chunk) {
          add(chunk)
          return groups.take()
        }
        if (!tail.isUnpacking()) return undefined
        await setImmediate()
      }
    },
    takeLast: groups.takeAll,
    isTimeless: () => groups.lastTime() !== undefined && !groups.hasTimes(),
    identity: tail.identity,
    close: tail.close,
  }
}
