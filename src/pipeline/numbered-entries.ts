// Numbers that senders give their lines: which of them each run has is a cursor, committed with the records, so that lines sent
// again are not committed twice, in whatever order they come and whatever became of the hub.
import type { Entry } from '../contracts/source-storage.ts'
import type { CursorValue, Store } from '../contracts/store.ts'

export interface NumberedEntries {
  /** Entries without a number, or with one that the run does not have yet; these are noted in `cursors`. `undo` forgets them. */
  fresh(
    source: string,
    run: number,
    entries: Entry[],
    cursors: Map<string, CursorValue | null>,
  ): { entries: Entry[]; undo(): void }
}

/** Both ends inclusive; in ascending order, with numbers missing between each and the next. */
export type Ranges = readonly (readonly [from: number, to: number])[]

/** Runs whose numbers are remembered: those that were sent to last. */
const mostRuns = 2000
/** Beyond so many the lowest is forgotten: its lines could come twice, and none is lost. */
const mostRanges = 500
const prefix = 'numbers/'

export function openNumberedEntries(store: Store): NumberedEntries {
  /** By key, the oldest first. */
  const known = new Map<string, Ranges>()
  for (const [key, { ranges }] of store.cursors()) if (key.startsWith(prefix)) known.set(key, parseRanges(`${ranges}`))

  return {
    fresh(source, run, entries, cursors) {
      if (entries.every(({ number }) => number === undefined)) return { entries, undo: () => undefined }
      const key = `${prefix}${run} ${source}`
      const before = known.get(key)
      let ranges = before ?? []
      const fresh = entries.filter(({ number }) => {
        if (number === undefined) return true
        const wider = withNumber(ranges, number)
        const isNew = wider !== ranges
        ranges = wider
        return isNew
      })
      known.delete(key)
      known.set(key, ranges.slice(-mostRanges))
      cursors.set(key, { ranges: formatRanges(known.get(key)!) })
      const forgotten = [...known].slice(0, Math.max(0, known.size - mostRuns))
      for (const [oldest] of forgotten) {
        known.delete(oldest)
        cursors.set(oldest, null)
      }
      const undo = (): void => {
        if (before) known.set(key, before)
        else known.delete(key)
        for (const [oldest, theirs] of forgotten) known.set(oldest, theirs)
      }
      return { entries: fresh, undo }
    },
  }
}

/** Gives the same object when the number is in it. */
export function withNumber(ranges: Ranges, number: number): Ranges {
  // Nearly always the next one.
  let at = ranges.length
  while (at > 0 && ranges[at - 1]![0] > number) at--
  const before = ranges[at - 1]
  if (before && before[1] >= number) return ranges
  const after = ranges[at]
  const joinsBefore = before?.[1] === number - 1
  const joinsAfter = after?.[0] === number + 1
  const joined = [joinsBefore ? before[0] : number, joinsAfter ? after[1] : number] as const
  return ranges.toSpliced(joinsBefore ? at - 1 : at, Number(joinsBefore) + Number(joinsAfter), joined)
}

/** `1-10 12 15-20`. */
export function formatRanges(ranges: Ranges): string {
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(' ')
}

export function parseRanges(text: string): Ranges {
  return [...text.matchAll(/(\d+)(?:-(\d+))?/g)].map(([, from, to = from]) => [Number(from), Number(to)] as const)
}
