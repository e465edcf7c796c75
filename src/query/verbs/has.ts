// `has:traceId`, `has:user.id`: the record has such a field, whatever its value.
import { extrasOf } from '../batch-text.ts'
import { valuesOf } from '../field-values.ts'
import { queryError } from '../query-error.ts'
import { condition, type Condition } from '../syntax-tree.ts'
import { equalityOnly, type Verb } from './verb.ts'

export const has: Verb<Extract<Condition, { verb: 'has' }>> = {
  names: ['has'],
  parse(comparison) {
    equalityOnly(comparison)
    const { value } = comparison
    if (!value.text) throw queryError('The name of a field is missing after has:', comparison, 'Write has:traceId')
    return condition({ verb: 'has', name: value.text })
  },
  test({ name }) {
    return {
      cost: 300,
      bind(batch) {
        if (name === 'source' || name === 'session' || name === 'message') return true
        if (name === 'fields') return (index) => extrasOf(batch, index)?.fields !== undefined
        return (index) => valuesOf(batch, index, name).length > 0
      },
    }
  },
  plan: () => ({}),
}
