// `duration_ms:100..200`, `size:..1024`: a field whose number lies in a range. Its own condition and not two comparisons:
// of a list, one and the same element must lie inside.
import { extrasMayHaveNumber } from '../match/extras-search.ts'
import { compareNumbers, readNumber } from '../../json/compare-numbers.ts'
import { firstKeys } from '../match/field-names.ts'
import { valuesOf } from '../match/field-values.ts'
import type { Plan } from '../plan/plan.ts'
import { queryError } from '../language/query-error.ts'
import { isOpen, rangeEnds } from './span.ts'
import { condition } from '../language/syntax-tree.ts'
import type { Verb } from './verb.ts'

/** A field's number, both ends inclusive, as written. */
export type RangeCondition = { verb: 'range'; name: string; from?: string; to?: string }

export const range: Verb<RangeCondition> = {
  verb: 'range',
  names: [],
  // Anything else is text like any other: `a..b`, `../x`.
  claims: ({ form, text }) =>
    form === 'bare' && (rangeEnds(text)?.every((end) => isOpen(end) || isNumber(end)) ?? false),
  parse({ name, value }) {
    const [from, to] = rangeEnds(value.text)!.map((end) => (isOpen(end) ? undefined : end))
    if (from !== undefined && to !== undefined && compareNumbers(readNumber(from)!, readNumber(to)!) > 0) {
      throw queryError(`${value.text} ends before it begins`, value, `Write ${name}:${to}..${from}`)
    }
    return condition<RangeCondition>({
      verb: 'range',
      name,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    })
  },
  test({ name, from, to }) {
    const [low, high] = [readNumber(from), readNumber(to)]
    const mayPass = (near: number): boolean => !(low && near < low.near) && !(high && near > high.near)
    const passes = (value: unknown): boolean => {
      const number = readNumber(value)
      if (!number) return false
      return !(low && compareNumbers(number, low) < 0) && !(high && compareNumbers(number, high) > 0)
    }
    return {
      cost: 400,
      bind(batch) {
        const maybe = extrasMayHaveNumber(batch, name, mayPass)
        return (index) => maybe(index) && valuesOf(batch, index, name).some(passes)
      },
    }
  },
  plan: ({ name, from, to }) =>
    numberPlan(name, {
      ...(from === undefined ? {} : { from: readNumber(from)!.near }),
      ...(to === undefined ? {} : { to: readNumber(to)!.near }),
    }),
}

/** For conditions that a number within holds. */
export function numberPlan(name: string, range: { from?: number; to?: number }): Plan {
  const keys = firstKeys(name)
  if (!keys) return {}
  // A dot may be a part of the key or a step inwards.
  return { fields: [keys], ...(keys.length === 1 ? { numbers: [{ key: name, ...range }] } : {}) }
}

const isNumber = (text: string): boolean => readNumber(text) !== undefined && !/infinity/i.test(text)
