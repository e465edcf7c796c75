// A file that comes while others are followed, and is called like a rotated one: a copy of what was read, or lines of its own.
import type { KnownBeginnings } from './known-beginnings.ts'
import type { LogFile } from './list-log-files.ts'
import type { EntryReader } from './read-entries.ts'

/** Whether the file, opened anew, is a copy of one that was read; undefined when there is nothing in it yet. */
export async function isCopyOfKnown(
  { path }: LogFile,
  reader: EntryReader,
  beginnings: KnownBeginnings,
): Promise<boolean | undefined> {
  try {
    // Of compressed files nobody knows whether they are complete, and as a rule their text was read before.
    if (/\.(?:gz|zst)$/.test(path)) return true
    const entries = [...((await reader.read(false)) ?? []), ...reader.takeLast()]
    const bytes = Buffer.concat(entries.flatMap(({ raw }) => raw.map(({ text, from, to }) => text.subarray(from, to))))
    return bytes.length === 0 ? undefined : beginnings.has(bytes)
  } finally {
    reader.close()
  }
}
