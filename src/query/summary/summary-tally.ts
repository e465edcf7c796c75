// Counts of different texts in bounded memory, for what may have millions of values. While they are few, all is exact; when
// they get too many the rarest are forgotten, and from then on it is known how wrong each count can be.
import type { Ranking } from '../../contracts/request.ts'

const maxTexts = 10_000
const maxCharacters = 1_000_000

interface Entry {
  count: number
  /** At most so many records had been counted and forgotten before this entry was made. */
  missed: number
  lastId: number
  newestId: number
}

export interface Tally {
  /** A record counts once for a text, however often it is added. Without id: `count` records, none of them added before. */
  add(text: string, id?: number, count?: number): void
  /** The most frequent, each made into what is listed. */
  rank<Item>(limit: number, item: (text: string, newestId: number) => Item): Ranking<Item>
}

export function openTally(limits: { texts?: number } = {}): Tally {
  const { texts = maxTexts } = limits
  const entries = new Map<string, Entry>()
  let total = 0
  let characters = 0
  /** A text that is not in `entries` has been counted and forgotten for at most so many records. */
  let floor = 0

  /** Half of them or more: those that matter least. Each forgotten text had at most `floor` records. */
  function forgetRarest(): void {
    const bounds = Float64Array.from(entries.values(), ({ count, missed }) => count + missed).sort()
    floor = bounds[bounds.length >> 1]!
    for (const [text, { count, missed }] of entries) {
      if (count + missed > floor) continue
      entries.delete(text)
      characters -= text.length
    }
  }

  return {
    add(text, id = Number.NaN, count = 1) {
      let entry = entries.get(text)
      if (!entry) {
        if (entries.size >= texts || characters > maxCharacters) forgetRarest()
        entry = { count: 0, missed: floor, lastId: Number.NaN, newestId: 0 }
        entries.set(text, entry)
        characters += text.length
      }
      if (entry.lastId === id) return
      entry.lastId = id
      if (id > entry.newestId) entry.newestId = id
      entry.count += count
      total += count
    },
    rank(limit, item) {
      const top = [...entries]
        .sort(([a, { count }], [b, { count: other }]) => other - count || (a < b ? -1 : 1))
        .slice(0, limit)
      return {
        top: top.map(([text, { count, missed, newestId }]) => ({
          ...item(text, newestId),
          count,
          ...(missed > 0 ? { atMost: count + missed } : {}),
        })),
        other: top.reduce((rest, [, { count }]) => rest - count, total),
        ...(floor > 0 ? { approximate: floor } : { distinct: entries.size }),
      }
    },
  }
}
