// Goes on with the entries that come: through rotation and truncation, and with files that are new in a directory.
import { setTimeout as sleep } from 'node:timers/promises'
import type { FileIdentity } from '../../contracts/source-storage.ts'
import type { Entry } from './entry.ts'
import { isCopyName, type LogFile } from './list-log-files.ts'
import type { EntryReader } from './read-entries.ts'

export interface FollowOptions {
  /** Readers that have got to the ends of their files. */
  readers: ReadonlyMap<LogFile, EntryReader>
  list(): LogFile[]
  open(file: LogFile): Promise<EntryReader>
  /** The file is a copy of one that was read; undefined when that cannot be said yet. */
  isCopy(file: LogFile): Promise<boolean | undefined>
  print(entries: Entry[]): Promise<void>
  isOver(): boolean
  /** There are files, too, which never end. Streams alone are followed until all have ended. */
  hasFiles: boolean
}

const lookMs = 100
/** An entry of which nothing more has come for so long is complete. */
const growMs = 200
/** Entries wait for those of other files that are earlier and come later. */
const waitMs = 300

/** Writers go on for a while after their file was renamed or removed. */
const partingMs = 5000

interface Followed {
  path: string
  reader: EntryReader
  /** When something was read last; see `performance.now`. */
  readAt: number
  /** Since when no name that is followed leads to it. */
  goneAt?: number | undefined
}

interface HeldEntry extends Entry {
  arrivedAt: number
}

export async function followEntries({
  readers,
  list,
  open,
  isCopy,
  print,
  isOver,
  hasFiles,
}: FollowOptions): Promise<void> {
  const held: HeldEntry[] = []
  const followed = new Map<string, Followed>()
  /** Identity → path of what is not to be read any more; its inode may be given to another file. */
  const passed = new Map<string, string>()
  for (const [{ path }, reader] of readers) followed.set(keyOf(reader.identity), { path, reader, readAt: -Infinity })

  function hold(entries: Entry[]): void {
    const arrivedAt = performance.now()
    for (const entry of entries) held.push({ ...entry, arrivedAt })
  }

  async function readOn(file: Followed, final: boolean): Promise<void> {
    for (let entries; (entries = await file.reader.read(final));) {
      hold(entries)
      file.readAt = performance.now()
    }
    if (final || performance.now() - file.readAt >= growMs) hold(file.reader.takeLast())
  }

  function isParted({ reader, goneAt }: Followed): boolean {
    if (reader.isStream) return reader.hasEnded()
    return goneAt !== undefined && performance.now() - goneAt > partingMs
  }

  async function look(): Promise<void> {
    const gone = new Set(followed.keys())
    for (const file of list()) {
      const { identity, path } = file
      gone.delete(identity)
      followed.get(identity)?.reader.rename(path)
      if (followed.has(identity) || passed.get(identity) === path) continue
      // The text of a rotated copy was read in the file that it is a copy of.
      const isPassed = isCopyName(path) ? await isCopy(file).catch(() => undefined) : false
      if (isPassed) passed.set(identity, path)
      if (isPassed !== false) continue
      const reader = await open(file).catch(() => undefined)
      if (reader) followed.set(keyOf(reader.identity), { path, reader, readAt: -Infinity })
    }
    for (const [identity, file] of followed) {
      file.goneAt = gone.has(identity) ? (file.goneAt ?? performance.now()) : undefined
      const isLast = isParted(file)
      await readOn(file, isLast)
      if (!isLast) continue
      file.reader.close()
      followed.delete(identity)
      if (file.reader.isStream) passed.set(identity, file.path)
    }
  }

  async function printDue(isLast: boolean): Promise<void> {
    const due = isLast ? Infinity : performance.now() - waitMs
    held.sort((a, b) => a.time - b.time)
    const ready = held.findLastIndex(({ arrivedAt }) => arrivedAt <= due) + 1
    if (ready > 0) await print(held.splice(0, ready))
  }

  while (!isOver() && (hasFiles || followed.size > 0)) {
    await look()
    await printDue(false)
    await sleep(lookMs)
  }
  for (const file of followed.values()) await readOn(file, true)
  await printDue(true)
}

const keyOf = ({ device, inode }: FileIdentity): string => `${device} ${inode}`
