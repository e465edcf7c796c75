// `/time(d )?out/` over message and field values, `name:/…/` over one field. Matching is dear, so what every match must
// contain is looked for in bytes first.
import type { RecordBatch } from '../../contracts/batch.ts'
import { messagesOf, messageText } from '../match/batch-text.ts'
import { rowsContaining } from '../match/byte-search.ts'
import { extrasMayContain, extrasMayHave } from '../match/extras-search.ts'
import { firstKeys } from '../match/field-names.ts'
import { isScalar, someValue, valuesOf } from '../match/field-values.ts'
import { queryError, type Position } from '../language/query-error.ts'
import type { RowTest } from '../match/row-test.ts'
import { linearRegExp } from '../match/regular-expression.ts'
import { requiredText, type RequiredText } from '../plan/required-text.ts'
import { condition, type Condition, type Query } from '../language/syntax-tree.ts'
import { eachWord, wordPlan } from '../plan/words.ts'
import { equalityOnly, type Verb } from './verb.ts'

export interface RegExpCondition extends Condition {
  verb: 'regexp'
  pattern: string
  /** Only in the values of this field, which may be `message` or `source`; else wherever words are looked for. */
  field?: string
}

const longestPattern = 1000
/** More searches in bytes would cost more than they spare. */
const maxLists = 3

/** Checks the pattern, so that the mistake is told where it is made. */
export function regexpQuery(pattern: string, position: Position, field?: string): Query {
  if (pattern.length > longestPattern) {
    throw queryError(`This regular expression is longer than ${longestPattern} characters`, position, 'Shorten it.')
  }
  try {
    linearRegExp(pattern)
  } catch (error) {
    // The engine's word for it, and the part of the pattern that it complains of.
    const { message, error: what = message, input: part } = error as Error & { error?: string; input?: string | null }
    throw queryError(
      `/${pattern}/ is no regular expression: ${what}`,
      placeOf(part, pattern, position),
      'Put plain text in quotes: "a (b"; look-around and back references are not available.',
    )
  }
  return condition<RegExpCondition>({ verb: 'regexp', pattern, ...(field ? { field } : {}) })
}

/** Place of the part, if it is there only once. The pattern begins behind a slash. */
function placeOf(part: string | null | undefined, pattern: string, position: Position): Position {
  const at = part ? pattern.indexOf(part) : -1
  if (!part || at < 0 || at !== pattern.lastIndexOf(part)) return position
  return { from: position.from + 1 + at, to: position.from + 1 + at + part.length }
}

export const regexp: Verb<RegExpCondition> = {
  verb: 'regexp',
  names: [],
  parse(comparison) {
    equalityOnly(comparison)
    return regexpQuery(comparison.value.text, comparison.value, comparison.name)
  },
  test({ pattern, field }) {
    const matches = linearRegExp(pattern)
    const required = requiredText(pattern)
    const inMessage = (batch: RecordBatch): RowTest => {
      const column = messagesOf(batch)
      const maybe = meets(required, (word) => rowsContaining(column, word, false))
      return (index) => maybe(index) && matches(messageText(batch, index))
    }
    return {
      cost: 500,
      bind(batch) {
        if (field === 'source') return matches(batch.source)
        if (field === 'session') return matches(batch.session)
        if (field === 'message') return inMessage(batch)
        const maybe = meets(required, (word) => extrasMayContain(batch, word))
        if (field) {
          const named = extrasMayHave(batch, field)
          const passes = (value: unknown): boolean => isScalar(value) && matches(String(value))
          return (index) => maybe(index) && named(index) && valuesOf(batch, index, field).some(passes)
        }
        const message = inMessage(batch)
        return (index) => message(index) || (maybe(index) && someValue(batch, index, matches))
      },
    }
  },
  plan({ pattern, field }) {
    if (field === 'source' || field === 'session') return {}
    const required = requiredText(pattern)
    const words = eachWord(required.flatMap((list) => (list.length === 1 ? list : [])))
    const choices = required.filter((list) => list.length > 1).map((list) => [...list])
    const keys = field && firstKeys(field)
    return { ...wordPlan(words, choices), ...(keys ? { fields: [keys] } : {}) }
  },
}

/** Whether a row has one word of each list, as far as `search` can say; the lists that say most come first. */
function meets(required: RequiredText, search: (word: string) => RowTest): RowTest {
  const lists = required.slice(0, maxLists).map((words) => words.map(search))
  return (index) => {
    for (const tests of lists) if (!tests.some((test) => test(index))) return false
    return true
  }
}
