// `user.id:42`, `duration_ms>250`, `path:/api/*`: one field's value. Any name that no other verb claims is a field.
import { isScalar, valuesOf } from '../field-values.ts'
import { queryError } from '../query-error.ts'
import { condition, joined, type Condition, type Pattern } from '../syntax-tree.ts'
import { patternTest } from '../wildcard.ts'
import { regexp } from './regexp.ts'
import { patternOf, type Verb } from './verb.ts'

type FieldCondition = Extract<Condition, { verb: 'field' }>

export const field: Verb<FieldCondition> = {
  names: [],
  parse(comparison) {
    const { name, operator, value, raw } = comparison
    if (value.form === 'regexp') return regexp.parse(comparison)
    if (operator !== '=' && value.text === '') {
      throw queryError(`A value is missing after ${raw}`, comparison, `Write it without a space: ${raw}250`)
    }
    const pattern = operator === '=' ? patternOf(value) : { text: value.text, wildcard: false }
    return condition({ verb: 'field', name, operator, value: pattern })
  },
  test({ name, operator, value }) {
    const passes = operator === '=' ? equals(value) : ordered(operator, value.text)
    return {
      cost: 400,
      bind: (batch) => (index) => valuesOf(batch, index, name).some(passes),
    }
  },
  plan({ operator, value }) {
    // A number may be written in other ways in the record (1e3, 7.0).
    if (operator !== '=' || value.wildcard || value.text === '' || !Number.isNaN(Number(value.text))) return {}
    return { words: [value.text.toLowerCase()] }
  },
}

function equals(pattern: Pattern): (value: unknown) => boolean {
  const matches = patternTest(pattern)
  const number = numberIn(pattern.text)
  return (value) =>
    typeof value === 'number' ? value === number || matches(String(value)) : isScalar(value) && matches(String(value))
}

function ordered(operator: '>' | '>=' | '<' | '<=', text: string): (value: unknown) => boolean {
  const number = numberIn(text)
  const lower = text.toLowerCase()
  return (value) => {
    if (number !== undefined) {
      const other = typeof value === 'number' ? value : typeof value === 'string' ? numberIn(value) : undefined
      return other !== undefined && holds(operator, other, number)
    }
    return typeof value === 'string' && holds(operator, value.toLowerCase(), lower)
  }
}

function holds<T extends number | string>(operator: '>' | '>=' | '<' | '<=', left: T, right: T): boolean {
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

function numberIn(text: string): number | undefined {
  if (text.trim() === '') return undefined
  const number = Number(text)
  return Number.isNaN(number) ? undefined : number
}

/**
 * What a bare `name:value` in a query means: the field, or the same text standing in a line, as `port:80` and
 * `state=ready` are often printed, and pasted, as they are.
 */
export function fieldOrText(query: ReturnType<typeof field.parse>, raw: string): ReturnType<typeof field.parse> {
  return joined('or', [query, condition({ verb: 'text', text: raw, whole: true })])
}
