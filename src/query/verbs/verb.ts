// The contract of a verb: everything the language knows about one kind of condition, in one file of this folder.
import type { ServiceNames } from '../../contracts/record.ts'
import { queryError, type Position } from '../language/query-error.ts'
import type { Condition, Ordering, Pattern, Query } from '../language/syntax-tree.ts'
import type { Value } from '../language/tokens.ts'
import type { Test } from '../match/row-test.ts'
import type { Extent, Plan } from '../plan/plan.ts'

/** `name operator value` as written; `!=` comes as `=`, the parser negates. */
export interface Comparison extends Position {
  name: string
  operator: '=' | Ordering
  value: Value
  /** The whole of it as written. */
  raw: string
  /** Unix milliseconds. */
  now: number
  /** Names of services. */
  serviceNames: ServiceNames
}

/**
 * From where recent records give what an editor offers behind a name: its values, which a pattern narrows, or all of its few
 * values; the sources, too, that have none; names of fields; templates. Ids of jobs are known without records.
 */
export type Recorded = 'values' | 'few-values' | 'sources' | 'fields' | 'templates' | 'jobs' | 'nothing'

export interface Verb<C extends Condition = Condition> {
  /** The `verb` of its conditions. */
  verb: C['verb']
  /** Names in front of the operator that mean this verb, lower case. */
  names: readonly string[]
  /** Names to offer. Default: `names`. */
  offered?: readonly string[]
  /** Finds of the verb, in a few words, for those who complete queries. */
  detail?: string
  /** Values worth offering whatever the records have. */
  values?: readonly string[]
  /** Default: `values`. */
  recorded?: Recorded
  /** Whether the name means this verb in front of such a value; if not, it is a field. Default: always. */
  claims?(value: Value): boolean
  parse(comparison: Comparison): Query
  test(condition: C): Test
  /** Demands that every match satisfies; `{}` when none is known. */
  plan(condition: C): Plan
  /** Whether certainly every record within the extent matches. Default: nothing is certain. */
  covers?(condition: C, extent: Extent): boolean
  /** Words (lower case) that a record must contain to match, where that is all it must. Default: more decides. */
  onlyWords?(condition: C): string[] | undefined
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
