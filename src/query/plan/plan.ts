// What every match of a query must satisfy, for stores to skip by. Plain JSON. A plan never decides: what it lets
// through still meets the predicate, and an absent property says that nothing is known.
import type { Kind, Stream } from '../../contracts/record.ts'
import type { Pattern } from '../language/syntax-tree.ts'
import { patternTest } from '../match/wildcard.ts'
import type { WordPlan } from './words.ts'

export interface Plan extends WordPlan {
  /** One of these patterns matches the source's name. */
  sources?: Pattern[]
  sessions?: Pattern[]
  /** Both inclusive. */
  runFrom?: number
  runTo?: number
  severityFrom?: number
  severityTo?: number
  streams?: Stream[]
  kinds?: Kind[]
  /** Unix milliseconds; `from` inclusive, `to` exclusive. */
  timeFrom?: number
  timeTo?: number
  /** Those of all these words that are digits of numbers: only where numbers have no exponents must they occur. */
  numberWords?: string[]
  /** Of each list, at least one is a key at the top of the record's `fields`. */
  fields?: string[][]
  /** Of each, a key at the top of `fields` has a number within; of a list, one of its elements. */
  numbers?: NumberRange[]
  /** The id of the message's template (see template.ts) begins with one of these. */
  templates?: string[]
  /** Both inclusive. */
  idFrom?: number
  idTo?: number
}

export interface NumberRange {
  key: string
  /** Both inclusive. */
  from?: number
  to?: number
}

/** What is known of some records: absent properties are unknown. */
export interface Extent {
  sources?: readonly string[]
  sessions?: readonly string[]
  runFrom?: number
  runTo?: number
  severityFrom?: number
  severityTo?: number
  streams?: readonly Stream[]
  kinds?: readonly Kind[]
  /** Both inclusive. */
  timeFrom?: number
  timeTo?: number
  /** All keys at the top of `fields`. */
  fields?: readonly string[]
  /** Ids of all templates. */
  templates?: readonly string[]
  /** Both inclusive. */
  idFrom?: number
  idTo?: number
}

/** What holds of numbers with exponents, too. */
export function withoutNumberWords({ words = [], anyWords = [], numberWords = [], ...plan }: Plan): Plan {
  const isWord = (word: string): boolean => !numberWords.includes(word)
  return { ...plan, words: words.filter(isWord), anyWords: anyWords.filter((list) => list.every(isWord)) }
}

/** False when no record within the extent can match. */
export function mayMatch(plan: Plan, extent: Extent): boolean {
  return (
    overlaps(plan.severityFrom, plan.severityTo, extent.severityFrom, extent.severityTo) &&
    overlaps(plan.runFrom, plan.runTo, extent.runFrom, extent.runTo) &&
    overlaps(plan.idFrom, plan.idTo, extent.idFrom, extent.idTo) &&
    overlaps(plan.timeFrom, undefined, undefined, extent.timeTo) &&
    (plan.timeTo === undefined || extent.timeFrom === undefined || extent.timeFrom < plan.timeTo) &&
    shares(plan.streams, extent.streams) &&
    shares(plan.kinds, extent.kinds) &&
    anyNamed(plan.sources, extent.sources) &&
    anyNamed(plan.sessions, extent.sessions) &&
    (!plan.fields || plan.fields.every((keys) => shares(keys, extent.fields))) &&
    anyBeginning(plan.templates, extent.templates)
  )
}

function overlaps(from?: number, to?: number, otherFrom?: number, otherTo?: number): boolean {
  return (
    !(from !== undefined && otherTo !== undefined && otherTo < from) &&
    !(to !== undefined && otherFrom !== undefined && otherFrom > to)
  )
}

function shares<T>(wanted: readonly T[] | undefined, there: readonly T[] | undefined): boolean {
  return !wanted || !there || wanted.some((item) => there.includes(item))
}

function anyNamed(patterns: readonly Pattern[] | undefined, names: readonly string[] | undefined): boolean {
  if (!patterns || !names) return true
  return patterns.some((pattern) => names.some(patternTest(pattern)))
}

function anyBeginning(beginnings: readonly string[] | undefined, ids: readonly string[] | undefined): boolean {
  if (!beginnings || !ids) return true
  return beginnings.some((beginning) => ids.some((id) => id.startsWith(beginning)))
}
