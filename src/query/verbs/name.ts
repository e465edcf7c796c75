// `source:`, `session:` and `logger:` compare a name with a pattern; the first two are the same for a whole batch.
import { extrasOf } from '../match/batch-text.ts'
import { extrasMayContain, extrasMayHave } from '../match/extras-search.ts'
import { queryError } from '../language/query-error.ts'
import { condition, type Pattern, type Query } from '../language/syntax-tree.ts'
import { patternTest, patternWords } from '../match/wildcard.ts'
import { wordPlan } from '../plan/words.ts'
import { regexp } from './regexp.ts'
import { equalityOnly, patternOf, type Comparison, type Verb } from './verb.ts'

export type NameCondition<Name extends 'source' | 'session' | 'logger'> = { verb: Name; value: Pattern }

function parseName<Name extends 'source' | 'session' | 'logger'>(
  verb: Name,
  example: string,
): (comparison: Comparison) => Query {
  return (comparison) => {
    equalityOnly(comparison)
    const { value } = comparison
    if (value.form === 'regexp') return regexp.parse({ ...comparison, name: verb })
    if (!value.text) {
      throw queryError(`A name is missing after ${comparison.raw}`, comparison, `Write ${verb}:${example}`)
    }
    return condition<NameCondition<Name>>({ verb, value: patternOf(value) })
  }
}

export const source: Verb<NameCondition<'source'>> = {
  verb: 'source',
  names: ['source'],
  detail: 'a source by name; * stands for any characters',
  recorded: 'sources',
  parse: parseName('source', 'api*'),
  test({ value }) {
    const matches = patternTest(value)
    return { cost: 0, bind: (batch) => matches(batch.source) }
  },
  plan: ({ value }) => ({ sources: [value] }),
  covers: ({ value }, extent) => extent.sources?.every(patternTest(value)) ?? false,
}

export const session: Verb<NameCondition<'session'>> = {
  verb: 'session',
  names: ['session'],
  detail: 'one life of the hub, by its id',
  parse: parseName('session', '*20250608*'),
  test({ value }) {
    const matches = patternTest(value)
    return { cost: 0, bind: (batch) => matches(batch.session) }
  },
  plan: ({ value }) => ({ sessions: [value] }),
  covers: ({ value }, extent) => extent.sessions?.every(patternTest(value)) ?? false,
}

export const logger: Verb<NameCondition<'logger'>> = {
  verb: 'logger',
  names: ['logger'],
  offered: ['logger', 'log.logger'],
  detail: 'a logger by name',
  parse: parseName('logger', 'audit.*'),
  test({ value }) {
    const matches = patternTest(value)
    const [word] = patternWords(value)
    return {
      cost: 300,
      bind(batch) {
        const maybe = word ? extrasMayContain(batch, word) : extrasMayHave(batch, 'logger')
        return (index) => {
          const name = maybe(index) ? extrasOf(batch, index)?.logger : undefined
          return name !== undefined && matches(name)
        }
      },
    }
  },
  plan: ({ value }) => wordPlan(patternWords(value)),
}
