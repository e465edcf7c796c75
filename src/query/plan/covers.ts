// Whether all records within an extent match: then counting them needs no look at them. The counterpart of `mayMatch`, which
// tells where none can.
import type { Query } from '../language/syntax-tree.ts'
import { verbOf } from '../verbs/index.ts'
import { mayMatch } from './dimensions.ts'
import type { Extent } from './plan.ts'
import { planQuery } from './plan-query.ts'

/** True only when it is certain that every record within the extent matches. */
export function covers(query: Query, extent: Extent): boolean {
  switch (query.type) {
    case 'all':
      return true
    case 'and':
      return query.items.every((item) => covers(item, extent))
    case 'or':
      return query.items.some((item) => covers(item, extent))
    case 'not':
      return !mayMatch(planQuery(query.item), extent)
    case 'condition':
      return verbOf(query.condition).covers?.(query.condition, extent) ?? false
  }
}

/**
 * The words (lower case) that a record within the extent must contain to match, where that is all it must: nothing else in the
 * query decides. Undefined where more does.
 */
export function onlyWords(query: Query, extent: Extent): string[] | undefined {
  if (covers(query, extent)) return []
  if (query.type === 'and') {
    const words = query.items.map((item) => onlyWords(item, extent))
    return words.every((each) => each !== undefined) ? words.flat() : undefined
  }
  return query.type === 'condition' ? verbOf(query.condition).onlyWords?.(query.condition) : undefined
}
