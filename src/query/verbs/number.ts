// `run:3`, `id>=100` and `seq:5..9`: the whole numbers that every record has; the run is the same for a whole batch.
import { queryError } from '../language/query-error.ts'
import { isOpen, rangeEnds, spanOf, type Span } from './span.ts'
import { condition, type Query } from '../language/syntax-tree.ts'
import type { Test } from '../match/row-test.ts'
import { isWithin } from '../plan/plan.ts'
import type { Comparison, Verb } from './verb.ts'

type NumberVerb = 'run' | 'id' | 'seq'
/** Both ends inclusive. */
export type NumberCondition<V extends NumberVerb> = { verb: V; from: number; to: number }

function readNumber(text: string): Span | undefined {
  return /^\d{1,15}$/.test(text) ? { from: Number(text), to: Number(text) + 1 } : undefined
}

function parseNumber<V extends NumberVerb>(verb: V, what: string): (comparison: Comparison) => Query {
  return (comparison) => {
    const { raw } = comparison
    const { from, to } = spanOf(comparison, readNumber, (text, position) =>
      queryError(
        text ? `${text} is not ${what}` : `A number is missing after ${raw}`,
        position,
        `Write ${verb}:3, ${verb}>=2 or ${verb}:2..4`,
      ),
    )
    return condition<NumberCondition<V>>({
      verb,
      from: Math.max(0, from),
      to: Math.min(Number.MAX_SAFE_INTEGER, to - 1),
    })
  }
}

function testColumn(name: 'id' | 'seq'): (condition: { from: number; to: number }) => Test {
  return ({ from, to }) => ({
    cost: 1,
    bind({ [name]: column }) {
      return (index) => column[index]! >= from && column[index]! <= to
    },
  })
}

/** Logs often have a field of this name; with anything but whole numbers it is that field. */
const wholeNumbers: Verb['claims'] = ({ form, text }) =>
  form !== 'regexp' && (rangeEnds(text)?.filter((end) => !isOpen(end)) ?? [text]).every(readNumber)

export const run: Verb<NumberCondition<'run'>> = {
  verb: 'run',
  names: ['run'],
  detail: 'one life of a source, by number',
  recorded: 'few-values',
  parse: parseNumber('run', 'the number of a run'),
  test({ from, to }) {
    return { cost: 0, bind: (batch) => batch.run >= from && batch.run <= to }
  },
  plan: ({ from, to }) => ({ runFrom: from, runTo: to }),
  covers: ({ from, to }, { runFrom, runTo }) => isWithin(runFrom, runTo, from, to),
}

export const id: Verb<NumberCondition<'id'>> = {
  verb: 'id',
  names: ['id'],
  detail: 'position in the log, the cursor',
  recorded: 'nothing',
  claims: wholeNumbers,
  parse: parseNumber('id', 'the id of a record'),
  test: testColumn('id'),
  plan: ({ from, to }) => ({ idFrom: from, idTo: to }),
}

export const seq: Verb<NumberCondition<'seq'>> = {
  verb: 'seq',
  names: ['seq'],
  detail: 'capture sequence within the run',
  recorded: 'nothing',
  claims: wholeNumbers,
  parse: parseNumber('seq', 'a sequence number'),
  test: testColumn('seq'),
  plan: () => ({}),
}
