// The contract of a verb: everything the language knows about one kind of condition, in one file of this folder.
import type { RecordBatch } from '../../contracts/batch.ts'
import type { Plan } from '../plan/plan.ts'
import { queryError, type Position } from '../language/query-error.ts'
import type { Ordering, Pattern, Query } from '../language/syntax-tree.ts'
import type { Value } from '../language/tokens.ts'

export type RowTest = (index: number) => boolean

export interface Test {
  /** Roughly nanoseconds per record; what is cheap is asked first. */
  cost: number
  /** Looks at what is the same for the whole batch first: often that decides, and no row is looked at. */
  bind(batch: RecordBatch): boolean | RowTest
}

/** `name operator value` as written; `!=` comes as `=`, the parser negates. */
export interface Comparison extends Position {
  name: string
  operator: '=' | Ordering
  value: Value
  /** The whole of it as written. */
  raw: string
  /** Unix milliseconds. */
  now: number
}

export interface Verb<C> {
  /** Names in front of the operator that mean this verb, lower case. */
  names: readonly string[]
  /** What it finds, in a few words, for those who complete queries. */
  detail?: string
  /** Values worth offering, where they do not come from the records. */
  values?: readonly string[]
  /** Whether the name means this verb in front of such a value; if not, it is a field. Default: always. */
  claims?(value: Value): boolean
  parse(comparison: Comparison): Query
  test(condition: C): Test
  /** What every match must satisfy; `{}` when that is not known. */
  plan(condition: C): Plan
}

/** Refuses `<` and the like where there is no order. */
export function equalityOnly(comparison: Comparison): void {
  const { name, operator } = comparison
  if (operator === '=') return
  throw queryError(
    `${name} has no order to compare by ${operator}`,
    comparison,
    `Write ${name}:value or ${name}!=value.`,
  )
}

/** `*` is a wildcard unless the value is quoted. */
export function patternOf(value: Value): Pattern {
  return { text: value.text, wildcard: value.form === 'bare' && value.text.includes('*') }
}
