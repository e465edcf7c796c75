// Masks the fields of a record: whatever a key says is secret, and secrets in all texts.
import { formatJson } from '../json/format-json.ts'
import { RepeatedValues } from '../json/repeated-values.ts'
import { WrittenNumber } from '../json/written-number.ts'
import { bytesHaveAnsi } from '../text/ansi.ts'
import { firstSuspect } from './first-suspect.ts'
import { mask, maskSecrets, mayHoldSequences } from './mask.ts'
import type { KeyTest } from './secret-keys.ts'

/** The bytes of a line that is not UTF-8, base64. */
const bytesField = 'logboom.bytes'
/** Below so many levels nothing is looked at, and all is masked. */
const deepest = 500
/** Values that say nothing, or were masked before. */
const nothing = /^(?:\**|null|nil|none|true|false|undefined)$/i
const scheme = /^(?:bearer|basic|token|digest|negotiate|apikey) +/i

export interface MaskedFields {
  count: number
  /** The object itself where there was nothing to mask, else a copy with masks. */
  fields: Record<string, unknown>
}

export function maskFields(fields: Record<string, unknown>, isKey: KeyTest): MaskedFields {
  if (!mayHoldSecrets(fields, isKey)) return { count: 0, fields }
  let count = 0
  return { fields: visitFields(fields, 0), count }

  function visitFields(holder: Record<string, unknown>, depth: number): Record<string, unknown> {
    let changed: Record<string, unknown> | undefined
    for (const [name, value] of Object.entries(holder)) {
      const key = Buffer.from(name)
      const masked = name === bytesField ? maskBytes(value) : visit(value, isKey(key, 0, key.length), depth + 1)
      if (masked === value) continue
      changed ??= { ...holder }
      Object.defineProperty(changed, name, { value: masked, enumerable: true, configurable: true, writable: true })
    }
    return changed ?? holder
  }

  /** `key`: which of the secret names leads here. */
  function visit(value: unknown, key: string | undefined, depth: number): unknown {
    if (typeof value === 'string') return key === undefined ? maskWithin(value) : maskWhole(value, key)
    if (typeof value === 'number' || value instanceof WrittenNumber) {
      // Numbers are counts, as a rule.
      if (key === undefined || !/pass|pwd|secret/.test(key)) return value
      count++
      return mask
    }
    if (typeof value !== 'object' || value === null) return value
    if (depth > deepest) return mask
    if (!Array.isArray(value)) return visitFields(value as Record<string, unknown>, depth)
    const items = value.map((item) => visit(item, key, depth + 1))
    if (items.every((item, i) => item === value[i])) return value
    return value instanceof RepeatedValues ? RepeatedValues.from(items) : items
  }

  function maskWhole(value: string, key: string): string {
    const start = scheme.exec(value)?.[0].length ?? 0
    if (nothing.test(value.slice(start)) || (key === 'pwd' && value.startsWith('/'))) return value
    count++
    return value.slice(0, start) + mask
  }

  function maskWithin(value: string): string {
    const bytes = Buffer.from(value)
    const { text, count: more } = maskSecrets(bytes, 0, bytes.length, isKey, mayHoldSequences(bytes, bytesHaveAnsi(bytes))) // oxfmt-ignore
    count += more
    return text?.toString() ?? value
  }

  /** Counted with the message, which says the same. */
  function maskBytes(value: unknown): unknown {
    if (typeof value !== 'string') return value
    const bytes = Buffer.from(value, 'base64')
    const { text } = maskSecrets(bytes, 0, bytes.length, isKey, mayHoldSequences(bytes, bytesHaveAnsi(bytes)))
    return text?.toString('base64') ?? value
  }
}

/** False is certain; asked of nearly all. */
function mayHoldSecrets(fields: Record<string, unknown>, isKey: KeyTest): boolean {
  if (fields[bytesField] !== undefined) return true
  const bytes = Buffer.from(formatJson(fields))
  return firstSuspect(bytes, 0, bytes.length, isKey) < bytes.length || mayHoldSequences(bytes, bytesHaveAnsi(bytes))
}
