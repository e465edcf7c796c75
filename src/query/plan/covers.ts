// Whether all records of some stretch match, told from what is known of the stretch: then counting them needs no look at
// them. The counterpart of plan.ts, which tells where none can.
import { mayMatch, type Extent } from './plan.ts'
import { planQuery } from './plan-query.ts'
import type { Condition, Query } from '../language/syntax-tree.ts'
import { patternTest } from '../match/wildcard.ts'

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
      return holdsFor(query.condition, extent)
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
  if (query.type !== 'condition' || query.condition.verb !== 'text') return undefined
  const { text, whole, messageOnly } = query.condition
  return whole || messageOnly ? undefined : [text.toLowerCase()]
}

function holdsFor(condition: Condition, extent: Extent): boolean {
  switch (condition.verb) {
    case 'source':
      return extent.sources?.every(patternTest(condition.value)) ?? false
    case 'session':
      return extent.sessions?.every(patternTest(condition.value)) ?? false
    case 'stream':
      return extent.streams?.every((stream) => stream === condition.stream) ?? false
    case 'kind':
      return extent.kinds?.every((kind) => kind === condition.kind) ?? false
    case 'level':
      return isWithin(extent.severityFrom, extent.severityTo, condition.from, condition.to)
    case 'run':
      return isWithin(extent.runFrom, extent.runTo, condition.from, condition.to)
    case 'time': {
      const { from = -Infinity, to = Infinity } = condition
      return (
        extent.timeFrom !== undefined && extent.timeTo !== undefined && extent.timeFrom >= from && extent.timeTo < to
      )
    }
    default:
      return false
  }
}

function isWithin(low: number | undefined, high: number | undefined, from: number, to: number): boolean {
  return low !== undefined && high !== undefined && low >= from && high <= to
}
