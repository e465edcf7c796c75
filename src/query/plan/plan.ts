// Demands that every match of a query satisfies, for stores to skip by. Plain JSON. A plan never decides: what it lets
// through still meets the predicate, and an absent property says that nothing is known.
import type { Kind, Stream } from '../../contracts/record.ts'
import type { Pattern } from '../language/syntax-tree.ts'

/** Demands on a record; how they are joined and met: dimensions.ts. All ends are inclusive but that of the time. */
export interface Plan {
  /** The source's name matches one of these patterns. */
  sources?: Pattern[]
  sessions?: Pattern[]
  runFrom?: number
  runTo?: number
  severityFrom?: number
  severityTo?: number
  streams?: Stream[]
  kinds?: Kind[]
  /** Unix milliseconds; `timeTo` is exclusive. */
  timeFrom?: number
  timeTo?: number
  /** Each occurs, once lower-cased, inside the message, logger, an id or a field's value. */
  words?: string[]
  /** At least one of each list occurs so. */
  anyWords?: string[][]
  /** Digits of numbers among all these words: they must occur only where numbers have no exponents. */
  numberWords?: string[]
  /** At least one of each list is a key at the top of the record's `fields`. */
  fields?: string[][]
  /** A key at the top of `fields` has a number within each range; of a list, one of its elements. */
  numbers?: NumberRange[]
  /** The id of the message's template (see template.ts) begins with one of these. */
  templates?: string[]
  idFrom?: number
  idTo?: number
}

export interface NumberRange {
  key: string
  from?: number
  to?: number
}

/** Facts about some records; absent properties are unknown, all ends inclusive. */
export interface Extent {
  sources?: readonly string[]
  sessions?: readonly string[]
  runFrom?: number
  runTo?: number
  severityFrom?: number
  severityTo?: number
  streams?: readonly Stream[]
  kinds?: readonly Kind[]
  timeFrom?: number
  timeTo?: number
  /** All keys at the top of `fields`. */
  fields?: readonly string[]
  /** Ids of all templates. */
  templates?: readonly string[]
  idFrom?: number
  idTo?: number
}

/** The part of a plan that also holds of numbers with exponents. */
export function withoutNumberWords({ words = [], anyWords = [], numberWords = [], ...plan }: Plan): Plan {
  const isWord = (word: string): boolean => !numberWords.includes(word)
  return { ...plan, words: words.filter(isWord), anyWords: anyWords.filter((list) => list.every(isWord)) }
}

/** Whether all of `[low, high]` lies in `[from, to]`; false where an end is not known. */
export function isWithin(low: number | undefined, high: number | undefined, from: number, to: number): boolean {
  return low !== undefined && high !== undefined && low >= from && high <= to
}
