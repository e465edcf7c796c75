// `user.id:42`, `duration_ms>250`, `path:/api/*`: one field's value. Any name that no other verb claims is a field.
import type { RecordBatch } from '../../contracts/batch.ts'
import { extrasMayContain, extrasMayHave, extrasMayHaveNumber } from '../match/extras-search.ts'
import { compareNumbers, plainDigits, readNumber } from '../../json/compare-numbers.ts'
import { WrittenNumber } from '../../json/written-number.ts'
import { firstKeys } from '../match/field-names.ts'
import { isScalar, valuesOf } from '../match/field-values.ts'
import { queryError } from '../language/query-error.ts'
import { condition, type Condition, type Ordering, type Pattern } from '../language/syntax-tree.ts'
import type { RowTest } from '../match/row-test.ts'
import { patternTest, patternWords } from '../match/wildcard.ts'
import { wordPlan } from '../plan/words.ts'
import { numberPlan, range } from './range.ts'
import { regexp } from './regexp.ts'
import { patternOf, type Verb } from './verb.ts'

export interface FieldCondition extends Condition {
  verb: 'field'
  name: string
  operator: '=' | Ordering
  value: Pattern
}

export const field: Verb<FieldCondition> = {
  verb: 'field',
  names: [],
  offered: ['traceId', 'spanId', 'trace.id', 'span.id'],
  detail: 'an id of the trace that the record belongs to',
  parse(comparison) {
    const { name, operator, value, raw } = comparison
    if (value.form === 'regexp') return regexp.parse(comparison)
    if (operator !== '=' && value.text === '') {
      throw queryError(`A value is missing after ${raw}`, comparison, `Write it without a space: ${raw}250`)
    }
    if (operator === '=' && range.claims?.(value)) return range.parse(comparison)
    const pattern = operator === '=' ? patternOf(value) : { text: value.text, wildcard: false }
    return condition<FieldCondition>({ verb: 'field', name, operator, value: pattern })
  },
  test(wanted) {
    const { name, operator, value } = wanted
    const passes = operator === '=' ? equals(value) : ordered(operator, value.text)
    return {
      cost: 400,
      bind(batch) {
        const maybe = mayPass(batch, wanted)
        return (index) => maybe(index) && valuesOf(batch, index, name).some(passes)
      },
    }
  },
  plan(wanted) {
    const { operator, value } = wanted
    const number = operator === '=' ? undefined : readNumber(value.text)?.near
    if (number !== undefined) {
      return numberPlan(wanted.name, operator.startsWith('>') ? { from: number } : { to: number })
    }
    const keys = firstKeys(wanted.name)
    const words = wordsOf(wanted)
    return {
      ...wordPlan(words),
      ...(words.length > 0 && isNumber(wanted) ? { numberWords: words } : {}),
      ...(keys ? { fields: [keys] } : {}),
    }
  },
}

/** A number may be written in the query in another way (1e3, 7.0) than numbers are as text, and than other text. */
function wordsOf(wanted: FieldCondition): string[] {
  const { operator, value } = wanted
  if (operator !== '=') return []
  if (!isNumber(wanted)) return patternWords(value)
  const digits = plainDigits(value.text)
  return digits !== undefined && value.text.includes(digits) ? [digits] : []
}

/** Whether numbers are compared with one. */
function isNumber({ value }: FieldCondition): boolean {
  return !value.wildcard && readNumber(value.text) !== undefined
}

/** False only where no value can pass; asked before any JSON is parsed. */
function mayPass(batch: RecordBatch, wanted: FieldCondition): RowTest {
  const { name, operator, value } = wanted
  const number = operator === '=' ? undefined : readNumber(value.text)?.near
  if (number !== undefined) {
    // Different numbers may be near the same one.
    return extrasMayHaveNumber(batch, name, (near) => (operator.startsWith('>') ? near >= number : near <= number))
  }
  const named = extrasMayHave(batch, name)
  const [word] = wordsOf(wanted)
  if (word === undefined || (batch.extras.json?.exponents && isNumber(wanted))) return named
  const contains = extrasMayContain(batch, word)
  return (index) => contains(index) && named(index)
}

function equals(pattern: Pattern): (value: unknown) => boolean {
  const matches = patternTest(pattern)
  const number = pattern.wildcard ? undefined : readNumber(pattern.text)
  return (value) =>
    number && (typeof value === 'number' || value instanceof WrittenNumber)
      ? compareNumbers(readNumber(value)!, number) === 0
      : isScalar(value) && matches(String(value))
}

function ordered(operator: Ordering, text: string): (value: unknown) => boolean {
  const number = readNumber(text)
  const lower = text.toLowerCase()
  return (value) => {
    if (number !== undefined) {
      const other = readNumber(value)
      return other !== undefined && holds(operator, compareNumbers(other, number), 0)
    }
    return typeof value === 'string' && holds(operator, value.toLowerCase(), lower)
  }
}

function holds<T extends number | string>(operator: Ordering, left: T, right: T): boolean {
  switch (operator) {
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '<':
      return left < right
    case '<=':
      return left <= right
  }
}
