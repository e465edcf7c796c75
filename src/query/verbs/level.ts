// `level:error`, `level>=warning`, `level:info..error`, `severity>=17`: a name stands for its four severity numbers.
import { levelExamples, parseSeverity, severityNames } from '../../contracts/record.ts'
import { queryError } from '../language/query-error.ts'
import { spanOf, type Span } from './span.ts'
import { condition } from '../language/syntax-tree.ts'
import { isWithin } from '../plan/plan.ts'
import type { Verb } from './verb.ts'

/** Both ends inclusive. */
export type LevelCondition = { verb: 'level'; from: number; to: number }

const highest = 24

function readLevel(text: string): Span | undefined {
  const number = /^\d{1,2}$/.test(text) ? Number(text) : undefined
  const from = number ?? parseSeverity(text)
  if (from === undefined || from < 1 || from > highest) return undefined
  return { from, to: from + (number === undefined ? 4 : 1) }
}

export const level: Verb<LevelCondition> = {
  verb: 'level',
  names: ['level', 'severity'],
  detail: 'this level; level>=warning: and worse',
  recorded: 'few-values',
  values: severityNames.map((name) => name.toLowerCase()),
  parse(comparison) {
    const { raw, name } = comparison
    const { from, to } = spanOf(comparison, readLevel, (text, position) =>
      queryError(
        text ? `${text} is not a level` : `A level is missing after ${raw}`,
        position,
        `Levels are ${levelExamples}, or 1 to 24: ${name}:error, ${name}>=warning`,
      ),
    )
    return condition<LevelCondition>({ verb: 'level', from: Math.max(0, from), to: Math.min(highest, to - 1) })
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
  covers: ({ from, to }, { severityFrom, severityTo }) => isWithin(severityFrom, severityTo, from, to),
}
