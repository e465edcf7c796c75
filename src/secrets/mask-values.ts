// Masks the values of an object that is no record, by the rules of text that is none.
import { maskFields } from './mask-fields.ts'
import { isCustomaryKey } from './mask-text.ts'

/** All values, whatever the object is of; those of secret names, too. */
export function maskValues(values: Record<string, unknown>): Record<string, unknown> {
  return maskFields(values, isCustomaryKey).fields
}
