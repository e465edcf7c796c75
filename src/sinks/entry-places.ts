// Entries and bytes: how many entries fit into a file, and which of them stand there whole.
import type { EntryLines } from './entry-lines.ts'

/** The first byte of this entry; of `count`, the end of all. */
export function startOf({ ends }: EntryLines, index: number): number {
  return index === 0 ? 0 : ends[index - 1]!
}

/** The first entry, at or after `from`, that does not fit into so many bytes. */
export function firstBeyond(lines: EntryLines, from: number, roomBytes: number): number {
  const most = startOf(lines, from) + roomBytes
  let index = from
  while (index < lines.count && lines.ends[index]! <= most) index++
  return index
}
