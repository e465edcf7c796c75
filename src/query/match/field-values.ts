// Values of a record's fields, seen as text: by name (`user.id`) for comparisons, all of them for word search.
import { valuesOfKey } from '../../json/repeated-values.ts'
import { WrittenNumber } from '../../json/written-number.ts'
import type { RecordBatch, RecordExtras } from '../../contracts/batch.ts'
import { extrasOf, messageText } from './batch-text.ts'
import { ownNames } from './field-names.ts'

/** Beyond this nesting nobody searches; it keeps hostile input from exhausting the stack. */
const deepest = 100

/**
 * The values under a name: of the record itself (`message`, `source`, `traceId` …) or of its fields, where a dot is
 * either part of a key or a step inwards, and lists give each of their elements. `fields.x` is always the field x; names of
 * others for our values (`trace.id`) are those of fields as well.
 */
export function valuesOf(batch: RecordBatch, index: number, name: string): unknown[] {
  switch (name) {
    case 'message':
      return [messageText(batch, index)]
    case 'source':
      return [batch.source]
    case 'session':
      return [batch.session]
  }
  const extras = extrasOf(batch, index)
  if (!extras) return []
  const own = ownValue(extras, name)
  if (own !== undefined && !name.includes('.')) return [own]
  const found: unknown[] = own === undefined ? [] : [own]
  if (extras.fields) {
    collect(extras.fields, name, found, 0)
    if (name.startsWith('fields.')) collect(extras.fields, name.slice(7), found, 0)
  }
  return found
}

function ownValue(extras: RecordExtras, name: string): string | undefined {
  const own = ownNames.get(name.toLowerCase())
  return own && extras[own]
}

function collect(holder: unknown, name: string, found: unknown[], depth: number): void {
  if (typeof holder !== 'object' || holder === null || holder instanceof WrittenNumber || depth > deepest) return
  if (Array.isArray(holder)) {
    for (const item of holder) collect(item, name, found, depth + 1)
    return
  }
  if (Object.hasOwn(holder, name)) {
    for (const value of valuesOfKey((holder as Record<string, unknown>)[name])) {
      if (Array.isArray(value)) found.push(...value.slice(0, 1000))
      else found.push(value)
    }
  }
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const key = name.slice(0, dot)
    if (Object.hasOwn(holder, key)) {
      collect((holder as Record<string, unknown>)[key], name.slice(dot + 1), found, depth + 1)
    }
  }
}

/** Whether any value (logger, ids, fields at any depth; not their names) passes the test. */
export function someValue(batch: RecordBatch, index: number, test: (text: string) => boolean): boolean {
  const extras = extrasOf(batch, index)
  if (!extras) return false
  const { logger, traceId, spanId, fields } = extras
  return (
    (logger !== undefined && test(logger)) ||
    (traceId !== undefined && test(traceId)) ||
    (spanId !== undefined && test(spanId)) ||
    (fields !== undefined && someInside(fields, test, 0))
  )
}

function someInside(value: unknown, test: (text: string) => boolean, depth: number): boolean {
  if (typeof value === 'object' && value !== null && !(value instanceof WrittenNumber)) {
    if (depth > deepest) return false
    for (const inner of Object.values(value)) if (someInside(inner, test, depth + 1)) return true
    return false
  }
  return value !== undefined && test(String(value))
}

/** Comparisons look at single values; an object has none, its own fields have. */
export function isScalar(value: unknown): boolean {
  return value !== undefined && (value === null || typeof value !== 'object' || value instanceof WrittenNumber)
}
