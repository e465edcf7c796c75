// Lines that belong together, as those of a stack trace, become one entry; those at the end that may go on are held back until what
// follows has come, or has not come for a while.
import type { LineJoining, LinesRead } from '../../contracts/stage.ts'
import type { LogLine } from './log-lines.ts'

type Stream = LogLine['stream']

/** Lines that are held, by their stream. */
export type Held = ReadonlyMap<Stream, readonly LogLine[]>

export interface EntryJoiner {
  /** Gives what is finished, in the order of time. */
  add(lines: readonly LogLine[]): LogLine[]
  /** Held lines are finished. */
  flush(): LogLine[]
  held(): Held
}

/** Without `join` each line is an entry. */
export function openEntryJoiner(join: LineJoining['join'] | undefined): EntryJoiner {
  const held = new Map<Stream, LogLine[]>()

  function joined(lines: readonly LogLine[], mayHold: boolean): LogLine[] {
    if (!join) return [...lines]
    const entries: LogLine[] = []
    for (const [stream, own] of Map.groupBy(lines, (line) => line.stream)) {
      const all = [...(held.get(stream) ?? []), ...own]
      const text = textOf(all)
      const rows = join(text, mayHold)
      let at = 0
      for (let row = 0; row < rows.start.length; row++) {
        const from = at
        while (at < all.length && text.end[at]! <= rows.end[row]!) at++
        entries.push(entryOf(all.slice(from, at)))
      }
      if (at < all.length) held.set(stream, all.slice(at))
      else held.delete(stream)
    }
    return entries.sort((one, other) => (one.time < other.time ? -1 : Number(one.time > other.time)))
  }

  return {
    add: (lines) => joined(lines, true),
    flush() {
      const rest = [...held.values()].flat()
      held.clear()
      return joined(rest, false)
    },
    held: () => held,
  }
}

/** All that two joiners hold. */
export function bothHeld(one: Held, other: Held): Held {
  if (other.size === 0) return one
  const both = new Map(one)
  for (const [stream, lines] of other) both.set(stream, [...(both.get(stream) ?? []), ...lines].sort(byTime))
  return both
}

function byTime(one: LogLine, other: LogLine): number {
  if (one.time !== other.time) return one.time < other.time ? -1 : 1
  return one.ordinal - other.ordinal
}

/** The lines as in a file, each with its newline. */
function textOf(lines: readonly LogLine[]): LinesRead {
  const start = new Uint32Array(lines.length)
  const end = new Uint32Array(lines.length)
  let at = 0
  lines.forEach(({ text }, i) => {
    start[i] = at
    end[i] = at + text.length
    at += text.length + 1
  })
  const bytes = Buffer.alloc(at, '\n')
  lines.forEach(({ text }, i) => text.copy(bytes, start[i]))
  return { text: bytes, start, end }
}

function entryOf(lines: readonly LogLine[]): LogLine {
  const [first] = lines
  if (lines.length === 1) return first!
  return { ...first!, text: Buffer.from(textOf(lines).text.subarray(0, -1)) }
}
