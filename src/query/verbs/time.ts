// `since:15m` and `until:2025-10-19`: event time, fixed when the query is read.
import { queryError } from '../query-error.ts'
import { condition, type Condition } from '../syntax-tree.ts'
import { parseTimeExpression, timeExamples } from '../time-expression.ts'
import { equalityOnly, type Verb } from './verb.ts'

export const time: Verb<Extract<Condition, { verb: 'time' }>> = {
  names: ['since', 'until'],
  parse(comparison) {
    equalityOnly(comparison)
    const { value, now, raw } = comparison
    const name = comparison.name.toLowerCase()
    const at = parseTimeExpression(value.text, now)
    if (at === undefined) {
      const message = value.text ? `${value.text} is not a time` : `A time is missing after ${raw}`
      throw queryError(message, value, `Times are written like ${timeExamples}; with a space inside, in quotes.`)
    }
    return condition(name === 'since' ? { verb: 'time', from: at } : { verb: 'time', to: at })
  },
  test({ from = -Infinity, to = Infinity }) {
    return {
      cost: 1,
      bind({ time }) {
        return (index) => time[index]! >= from && time[index]! < to
      },
    }
  },
  plan: ({ from, to }) => ({
    ...(from === undefined ? {} : { timeFrom: from }),
    ...(to === undefined ? {} : { timeTo: to }),
  }),
}
