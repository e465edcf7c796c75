// Fields of a record as text, made once: JSON for machines, logfmt for D2's lines. Serializers and redaction are pino's.
import { stripAnsi } from '../../../src/text/ansi.ts'
import { standardErrorSerializer, type PinoParts } from './pino-parts.ts'

export interface FieldTexts {
  /** `,"a":1`, or nothing. */
  json: string
  /** ` a=1`, or nothing. */
  text: string
  /** Lines that follow the record: the stack of an error. */
  tail: string
  /** A field is called as one of our own keys. */
  isClashing: boolean
}

export const noFields: FieldTexts = { json: '', text: '', tail: '', isClashing: false }

/** Keys that JSON lines have for themselves. */
export function isOwnKey(key: string): boolean {
  return key === 'level' || key === 'time' || key === 'pid' || key === 'logger'
}

/** Keys of a logged object, `msg` apart, which is the message. Text costs as much as JSON again, and is left out where nobody reads it. */
export function readFields(
  parts: PinoParts,
  object: Readonly<Record<string, unknown>>,
  wantsText: boolean,
): FieldTexts {
  let json = ''
  let text = ''
  let tail = ''
  let isClashing = false
  for (const key in object) {
    if (key === 'msg' || !Object.hasOwn(object, key)) continue
    const given = object[key]
    if (given === undefined) continue
    const value = serialized(parts, key, given)
    const written = valueText(parts, key, value)
    if (written === undefined) continue
    json += `,${JSON.stringify(key)}:${written}`
    if (isOwnKey(key)) isClashing = true
    if (!wantsText) continue
    // Kind audit, which lines do not show.
    if (value === true && (key === 'is_audit' || key === 'isAudit')) continue
    const stack = stackOf(parts, key, given, value)
    if (stack === undefined) text += fieldText(key, written)
    else {
      tail += `\n${stack}`
      text += errorText(key, value as Record<string, unknown>)
    }
  }
  return { json, text, tail, isClashing }
}

function serialized({ serializers }: PinoParts, key: string, value: unknown): unknown {
  const serializer = serializers[key]
  if (serializer !== undefined) return serializer(value)
  return value instanceof Error ? standardErrorSerializer(value) : value
}

/** JSON text of a value; undefined for what JSON has no word for. */
function valueText(parts: PinoParts, key: string, value: unknown): string | undefined {
  const redactor = parts.redactors[key] ?? parts.anyRedactor
  switch (typeof value) {
    case 'undefined':
    case 'function':
      return undefined
    case 'number':
      if (redactor !== undefined) return redactor(value)
      return Number.isFinite(value) ? String(value) : 'null'
    case 'boolean':
      return redactor === undefined ? String(value) : redactor(value)
    case 'string':
      return redactor === undefined ? JSON.stringify(value) : redactor(value)
    default:
      return (redactor ?? parts.stringify)(value, parts.stringifySafe)
  }
}

/** The stack of an error that nobody serializes or redacts otherwise. */
function stackOf(parts: PinoParts, key: string, given: unknown, value: unknown): string | undefined {
  if (!(given instanceof Error) || typeof value !== 'object' || value === null) return undefined
  if (parts.redactors[key] !== undefined || parts.anyRedactor !== undefined) return undefined
  const { stack } = value as { stack?: unknown }
  const isStandard = (parts.serializers[key] ?? standardErrorSerializer) === standardErrorSerializer
  return isStandard && typeof stack === 'string' ? stripAnsi(stack) : undefined
}

/** What an error has beyond type, message and stack, e.g. ` err.code=ENOENT`. */
function errorText(key: string, error: Readonly<Record<string, unknown>>): string {
  let text = ''
  for (const [name, value] of Object.entries(error)) {
    if (name === 'type' || name === 'message' || name === 'stack' || name === 'aggregateErrors') continue
    const json = JSON.stringify(value) as string | undefined
    if (json !== undefined) text += fieldText(`${key}.${name}`, json)
  }
  return text
}

const unsafeInKey = /[\s="\p{Cc}]/gu
const needsQuotes = /[\s="\\\p{Cc}]/u
const plainKey = /^[\w.-]+$/

/** A pair of logfmt from JSON text, as `formatFields` of src/wire/text-line.ts writes it. */
export function fieldText(key: string, json: string): string {
  const name = plainKey.test(key) ? key : key.replace(unsafeInKey, '_')
  return ` ${name}=${logfmtValue(json)}`
}

function logfmtValue(json: string): string {
  const first = json.charCodeAt(0)
  if (first !== 34) return first === 123 || first === 91 ? quotedWhereNeeded(json) : json
  // Without escapes and blanks the text between the quotes is the value itself.
  if (json.length > 2 && !needsQuotes.test(json.slice(1, -1))) return json.slice(1, -1)
  return quotedWhereNeeded(JSON.parse(json) as string)
}

function quotedWhereNeeded(text: string): string {
  return text === '' || needsQuotes.test(text) ? JSON.stringify(text) : text
}

/** Fields of JSON text: `,"a":1`. */
export function fieldsOfJson(json: string): FieldTexts {
  if (json === '') return noFields
  const pairs = Object.entries(JSON.parse(`{${json.slice(1)}}`) as Record<string, unknown>)
  const shown = pairs.filter(([key, value]) => value !== true || (key !== 'is_audit' && key !== 'isAudit'))
  const text = shown.map(([key, value]) => fieldText(key, JSON.stringify(value))).join('')
  return { json, text, tail: '', isClashing: pairs.some(([key]) => isOwnKey(key)) }
}

/** Fields one behind the other. */
export function joinFields(first: FieldTexts, second: FieldTexts): FieldTexts {
  return {
    json: first.json + second.json,
    text: first.text + second.text,
    tail: first.tail + second.tail,
    isClashing: first.isClashing || second.isClashing,
  }
}
