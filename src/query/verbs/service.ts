// `service:"Voice Loop"`: the service that a record belongs to, by what people call it (C2); its logger says which it is, or its source.
import type { ServiceNames } from '../../contracts/record.ts'
import { openServices } from '../../text/services.ts'
import { extrasOf } from '../match/batch-text.ts'
import { extrasMayHave } from '../match/extras-search.ts'
import { queryError } from '../language/query-error.ts'
import { condition, type Pattern } from '../language/syntax-tree.ts'
import { patternTest } from '../match/wildcard.ts'
import { equalityOnly, patternOf, type Verb } from './verb.ts'

/** `names`: those of the configuration, since a query is asked where there is none. */
export type ServiceCondition = { verb: 'service'; value: Pattern; names: ServiceNames }

export const service: Verb<ServiceCondition> = {
  verb: 'service',
  names: ['service'],
  detail: 'a service by its name for people',
  recorded: 'few-values',
  parse(comparison) {
    equalityOnly(comparison)
    const { value, raw, serviceNames: names } = comparison
    if (value.form === 'regexp') {
      throw queryError('Services are not compared with regular expressions', value, 'Write service:voice*')
    }
    if (!value.text) throw queryError(`A name is missing after ${raw}`, comparison, 'Write service:"Voice Loop"')
    return condition<ServiceCondition>({ verb: 'service', value: patternOf(value), names })
  },
  test({ value, names }) {
    const matches = patternTest(value)
    const { nameOf } = openServices(names)
    return {
      cost: 300,
      bind(batch) {
        const ofSource = matches(nameOf(batch.source))
        const named = extrasMayHave(batch, 'logger')
        return (index) => {
          const logger = named(index) ? extrasOf(batch, index)?.logger : undefined
          return logger === undefined ? ofSource : matches(nameOf(batch.source, logger))
        }
      },
    }
  },
  // Any logger may be called so in the configuration.
  plan: () => ({}),
}
