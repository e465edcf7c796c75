// Keys that the variables of JSON templates stand behind: the constant text before each says it.
import type { StoredTemplate } from '../column/templated-column.ts'
import type { ValueColumn } from '../column/value-column.ts'

/** A value and the key that it stands behind. */
export interface Slot {
  key: string
  inFields: boolean
  /** The variable stands in quotes. */
  isText: boolean
  column: ValueColumn
}

const keyBefore = /"((?:[^"\\]|\\.)*)":("?)$/

/** Undefined where the values cannot be told from the template: what then follows is JSON of any form. */
export function slotsOf({ parts, columns }: StoredTemplate): Slot[] | undefined {
  const slots: Slot[] = []
  let inFields = false
  for (const [at, column] of columns.entries()) {
    const part = parts[at]!
    if (/^"?\}/.test(part)) inFields = false
    if (part.includes('"fields":{')) inFields = true
    const [, key, quote] = keyBefore.exec(part) ?? []
    if (key === undefined) return undefined
    slots.push({
      key: key.includes('\\') ? (JSON.parse(`"${key}"`) as string) : key,
      inFields,
      isText: quote === '"',
      column,
    })
  }
  return slots
}
