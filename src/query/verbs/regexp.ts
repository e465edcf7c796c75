// `/time(d )?out/` over message and field values, `name:/…/` over one field.
import { messageText } from '../batch-text.ts'
import { isScalar, someValue, valuesOf } from '../field-values.ts'
import { queryError, type Position } from '../query-error.ts'
import { linearRegExp } from '../regular-expression.ts'
import { condition, type Condition, type Query } from '../syntax-tree.ts'
import { equalityOnly, type Verb } from './verb.ts'

type RegExpCondition = Extract<Condition, { verb: 'regexp' }>

const longestPattern = 1000

/** Checks the pattern, so that the mistake is told where it is made. */
export function regexpQuery(pattern: string, position: Position, field?: string): Query {
  if (pattern.length > longestPattern) {
    throw queryError(`This regular expression is longer than ${longestPattern} characters`, position)
  }
  try {
    linearRegExp(pattern)
  } catch (error) {
    throw queryError(
      `/${pattern}/ is no regular expression: ${(error as Error).message}`,
      position,
      'Put plain text in quotes: "a (b"; look-around and back references are not available.',
    )
  }
  return condition({ verb: 'regexp', pattern, ...(field ? { field } : {}) })
}

export const regexp: Verb<RegExpCondition> = {
  names: [],
  parse(comparison) {
    equalityOnly(comparison)
    return regexpQuery(comparison.value.text, comparison.value, comparison.name)
  },
  test({ pattern, field }) {
    const matches = linearRegExp(pattern)
    return {
      cost: 500,
      bind(batch) {
        if (field === 'source') return matches(batch.source)
        if (field === 'session') return matches(batch.session)
        if (field)
          return (index) => valuesOf(batch, index, field).some((value) => isScalar(value) && matches(String(value)))
        return (index) => matches(messageText(batch, index)) || someValue(batch, index, matches)
      },
    }
  },
  plan: () => ({}),
}
