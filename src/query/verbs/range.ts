// `duration_ms:100..200`, `size:..1024`: a field whose number lies in a range. Its own condition and not two comparisons:
// of a list, one and the same element must lie inside.
import { extrasMayHaveNumber } from '../extras-search.ts'
import { firstKeys, numberOf, valuesOf } from '../field-values.ts'
import type { Plan } from '../plan.ts'
import { queryError } from '../query-error.ts'
import { isOpen, rangeEnds } from '../span.ts'
import { condition, type Condition } from '../syntax-tree.ts'
import type { Verb } from './verb.ts'

export const range: Verb<Extract<Condition, { verb: 'range' }>> = {
  names: [],
  // Anything else is text like any other: `a..b`, `../x`.
  claims: ({ form, text }) =>
    form === 'bare' && (rangeEnds(text)?.every((end) => isOpen(end) || isNumber(end)) ?? false),
  parse({ name, value }) {
    const [from, to] = rangeEnds(value.text)!.map((end) => (isOpen(end) ? undefined : Number(end)))
    if (from !== undefined && to !== undefined && from > to) {
      throw queryError(`${value.text} ends before it begins`, value, `Write ${name}:${to}..${from}`)
    }
    return condition({
      verb: 'range',
      name,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    })
  },
  test({ name, from = -Infinity, to = Infinity }) {
    const inside = (number: number): boolean => number >= from && number <= to
    const passes = (value: unknown): boolean => {
      const number = numberOf(value)
      return number !== undefined && inside(number)
    }
    return {
      cost: 400,
      bind(batch) {
        const maybe = extrasMayHaveNumber(batch, name, inside)
        return (index) => maybe(index) && valuesOf(batch, index, name).some(passes)
      },
    }
  },
  plan: ({ name, from, to }) =>
    numberPlan(name, { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }),
}

/** For conditions that a number within holds. */
export function numberPlan(name: string, range: { from?: number; to?: number }): Plan {
  const keys = firstKeys(name)
  if (!keys) return {}
  // A dot may be a part of the key or a step inwards.
  return { fields: [keys], ...(keys.length === 1 ? { numbers: [{ key: name, ...range }] } : {}) }
}

const isNumber = (text: string): boolean => Number.isFinite(numberOf(text))
