// Syntax tree → plan. Only what holds for every match may be said: under OR the weaker of both sides, under NOT nothing.
import type { Query } from '../language/syntax-tree.ts'
import { verbOf } from '../verbs/index.ts'
import { planOfBoth, planOfEither } from './dimensions.ts'
import type { Plan } from './plan.ts'

export function planQuery(query: Query): Plan {
  switch (query.type) {
    case 'all':
    case 'not':
      return {}
    case 'and':
      return query.items.map(planQuery).reduce(planOfBoth)
    case 'or':
      return query.items.map(planQuery).reduce(planOfEither)
    case 'condition':
      return verbOf(query.condition).plan(query.condition)
  }
}
