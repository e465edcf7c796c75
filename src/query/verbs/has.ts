// `has:traceId`, `has:user.id`: the record has such a field, whatever its value.
import { extrasOf } from '../match/batch-text.ts'
import { extrasMayHave } from '../match/extras-search.ts'
import { firstKeys } from '../match/field-names.ts'
import { valuesOf } from '../match/field-values.ts'
import { queryError } from '../language/query-error.ts'
import { condition } from '../language/syntax-tree.ts'
import { isNameLength } from '../language/tokens.ts'
import { equalityOnly, type Verb } from './verb.ts'

export type HasCondition = { verb: 'has'; name: string }

export const has: Verb<HasCondition> = {
  verb: 'has',
  names: ['has'],
  detail: 'records that have this field',
  values: ['fields', 'logger', 'traceId', 'spanId', 'trace.id', 'span.id', 'log.logger'],
  recorded: 'fields',
  parse(comparison) {
    equalityOnly(comparison)
    const { value } = comparison
    if (!value.text) throw queryError('The name of a field is missing after has:', comparison, 'Write has:traceId')
    if (!isNameLength(value.text)) {
      throw queryError('No field has so long a name', value, 'At most 256 characters and 20 levels are searched.')
    }
    return condition<HasCondition>({ verb: 'has', name: value.text })
  },
  test({ name }) {
    return {
      cost: 300,
      bind(batch) {
        if (name === 'source' || name === 'session' || name === 'message') return true
        if (name === 'fields') return (index) => extrasOf(batch, index)?.fields !== undefined
        const named = extrasMayHave(batch, name)
        return (index) => named(index) && valuesOf(batch, index, name).length > 0
      },
    }
  },
  plan({ name }) {
    const keys = firstKeys(name)
    return keys ? { fields: [keys] } : {}
  },
}
