// `level:error`, `level>=warning`, `severity>=17`: a name stands for its four severity numbers.
import { parseSeverity } from '../../record.ts'
import { queryError } from '../query-error.ts'
import { condition, type Condition } from '../syntax-tree.ts'
import type { Verb } from './verb.ts'

export const level: Verb<Extract<Condition, { verb: 'level' }>> = {
  names: ['level', 'severity'],
  parse({ operator, value, raw, name }) {
    const number = /^\d{1,2}$/.test(value.text) ? Number(value.text) : undefined
    const low = number ?? parseSeverity(value.text)
    if (low === undefined || low < 1 || low > 24) {
      throw queryError(
        value.text ? `${value.text} is not a level` : `A level is missing after ${raw}`,
        value,
        `Levels are trace, debug, info, warning, error, critical, or 1 to 24: ${name}:error, ${name}>=warning`,
      )
    }
    const high = number ?? low + 3
    switch (operator) {
      case '=':
        return condition({ verb: 'level', from: low, to: high })
      case '>=':
        return condition({ verb: 'level', from: low, to: 24 })
      case '>':
        return condition({ verb: 'level', from: high + 1, to: 24 })
      case '<=':
        return condition({ verb: 'level', from: 0, to: high })
      case '<':
        return condition({ verb: 'level', from: 0, to: low - 1 })
    }
  },
  test({ from, to }) {
    return {
      cost: 1,
      bind({ severity }) {
        return (index) => severity[index]! >= from && severity[index]! <= to
      },
    }
  },
  plan: ({ from, to }) => ({ severityFrom: from, severityTo: to }),
}
