// One JSON object → a row by way of a JavaScript object: whatever it looks like, and slowly. The quick way (json-record.ts) must give
// the same.
import { numberWithExponent } from './compare-numbers.ts'
import { formatJson } from './format-json.ts'
import { parseJson } from './parse-json.ts'
import { valuesOfKey, withoutValue } from './repeated-values.ts'
import { deepestNesting, isWithin, shapeObject, sourceKeys } from './customary-keys.ts'
import { textOf } from './known-text.ts'
import { addRow, longestRecordBytes, writeJson, writeText, type RecordRows } from './record-rows.ts'

/** The object `[from, to)` of the text; false when it is none, or none that is a record. `more` are fields to add. */
export function readPlainRecord(rows: RecordRows, from: number, to: number, more?: Record<string, unknown>): boolean {
  const object = to - from <= longestRecordBytes ? parseObject(textOf(rows, from, to)) : undefined
  if (!object) return false
  const source = rows.sourceNumber ? takeSource(object, rows.sourceNumber) : 0
  const { message, time, severity, audit, logger, traceId, spanId, fields: own } = shapeObject(object)
  const fields = own || more ? { ...own, ...more } : undefined
  const jsonStart = rows.jsonAt
  if (logger ?? traceId ?? spanId ?? fields) {
    const json = formatJson({ logger, traceId, spanId, fields })
    rows.exponents ||= numberWithExponent.test(json)
    writeJson(rows, json)
  }
  const isAudit = audit === true || logger?.startsWith('audit.') === true
  const end = message === undefined ? to : writeText(rows, message, from)
  addRow(rows, from, end, time ?? rows.observed, severity ?? 0, isAudit, source, jsonStart)
  return true
}

/** Number of the source that it names, which is then no field. */
function takeSource(object: Record<string, unknown>, sourceNumber: (name: string) => number): number {
  for (const key of sourceKeys) {
    let number = -1
    const index = valuesOfKey(object[key]).findLastIndex(
      (name) => typeof name === 'string' && (number = sourceNumber(name)) >= 0,
    )
    if (index < 0) continue
    const rest = withoutValue(object[key], index)
    if (rest === undefined) delete object[key]
    else object[key] = rest
    return number
  }
  return 0
}

function parseObject(text: string): Record<string, unknown> | undefined {
  let object: unknown
  try {
    object = parseJson(text)
  } catch {
    return undefined
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined
  return isWithin(object, deepestNesting) ? (object as Record<string, unknown>) : undefined
}
