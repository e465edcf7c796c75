// Fields of a record as text, made once: JSON for machines, logfmt for D2's lines. Serializers and redaction are pino's.
import { stripAnsi } from '../../../src/text/ansi.ts'
import { cannotBeShown } from './cannot-be-shown.ts'
import { isError, serializeError } from './error-fields.ts'
import type { PinoParts } from './pino-parts.ts'

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
function isOwnKey(key: string): boolean {
  return key === 'level' || key === 'time' || key === 'pid' || key === 'logger'
}

/** Forms of the fields that somebody reads; each costs as much again as the other. */
export interface Wanted {
  json: boolean
  text: boolean
}

/** Keys of a logged object, `msg` apart, which is the message. */
export function readFields(parts: PinoParts, object: Readonly<Record<string, unknown>>, wanted: Wanted): FieldTexts {
  let json = ''
  let text = ''
  let tail = ''
  let isClashing = false
  for (const key in object) {
    if (key === 'msg' || !Object.hasOwn(object, key)) continue
    const given = object[key]
    if (given === undefined) continue
    const value = serialized(parts, key, given)
    const forms = formsOf(key)
    const redactor = parts.redactors[key] ?? parts.anyRedactor
    if (typeof value === 'string' && redactor === undefined) {
      if (wanted.json) json += forms.json + JSON.stringify(value)
      if (wanted.text) text += forms.text + quotedWhereNeeded(value)
    } else {
      const written = valueText(parts, redactor, value)
      if (written === undefined) continue
      if (wanted.json) json += forms.json + written
      if (wanted.text && !isAuditMark(key, value)) {
        const stack = redactor === undefined ? stackOf(parts, key, given, value) : undefined
        if (stack === undefined) text += forms.text + logfmtValue(written)
        else {
          tail += `\n${stack}`
          text += errorText(parts, key, value as Record<string, unknown>)
        }
      }
    }
    if (forms.isOwn) isClashing = true
  }
  return { json, text, tail, isClashing }
}

/** Fields where `readFields` throws: a placeholder for each that cannot be shown. Redaction is never passed over. */
export function readFieldsCarefully(parts: PinoParts, object: object, wanted: Wanted): FieldTexts {
  let fields = noFields
  let keys: string[]
  try {
    keys = Object.keys(object)
  } catch (error) {
    return placeholderField('fields', error)
  }
  for (const key of keys) {
    if (key === 'msg') continue
    let field: FieldTexts
    try {
      field = readFields(parts, { [key]: (object as Record<string, unknown>)[key] }, wanted)
    } catch (error) {
      field = placeholderField(key, error)
    }
    fields = joinFields(fields, field)
  }
  return fields
}

function placeholderField(key: string, error: unknown): FieldTexts {
  return fieldsOfJson(`,${JSON.stringify(key)}:${JSON.stringify(cannotBeShown(error))}`)
}

/** Kind audit, which lines do not show. */
function isAuditMark(key: string, value: unknown): boolean {
  return value === true && (key === 'is_audit' || key === 'isAudit')
}

function serialized({ serializers }: PinoParts, key: string, value: unknown): unknown {
  const serializer = serializers[key]
  if (serializer !== undefined) return serializer(value)
  return isError(value) ? serializeError(value) : value
}

/** JSON text of a value; undefined for what JSON has no word for. */
function valueText(parts: PinoParts, redactor: PinoParts['anyRedactor'], value: unknown): string | undefined {
  switch (typeof value) {
    case 'undefined':
    case 'function':
      return undefined
    case 'number':
      if (redactor !== undefined) return redactor(value)
      return Number.isFinite(value) ? String(value) : 'null'
    case 'boolean':
      return redactor === undefined ? String(value) : redactor(value)
    default:
      return (redactor ?? parts.stringify)(value, parts.stringifySafe)
  }
}

/** The stack of an error that nobody serializes otherwise. */
function stackOf(parts: PinoParts, key: string, given: unknown, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const serializer = parts.serializers[key]
  if (serializer === undefined ? !isError(given) : serializer !== serializeError) return undefined
  const { stack } = value as { stack?: unknown }
  return typeof stack === 'string' && stack !== '' ? stripAnsi(stack) : undefined
}

/** Properties of an error beyond type, message and stack, e.g. ` err.code=ENOENT`. */
function errorText(parts: PinoParts, key: string, error: Readonly<Record<string, unknown>>): string {
  let text = ''
  for (const [name, value] of Object.entries(error)) {
    if (name === 'type' || name === 'message' || name === 'stack' || name === 'aggregateErrors') continue
    const json = parts.stringify(value, parts.stringifySafe) as string | undefined
    if (json !== undefined) text += fieldText(`${key}.${name}`, json)
  }
  return text
}

const unsafeInKey = /[\s="\p{Cc}]/gu
/** Characters as in `formatFields` of src/wire/text-line.ts, without its flag for Unicode, which costs more than the rest of the test. */
const needsQuotes = /[\s="\\\x00-\x1f\x7f-\x9f]/
const mostKeys = 1000
const knownKeys = new Map<string, KeyForms>()

/** A key as it stands before its value, made once for each key: a third of the cost of a field. */
interface KeyForms {
  /** `,"key":` */
  json: string
  /** ` key=` */
  text: string
  isOwn: boolean
}

/** A pair of logfmt from JSON text, as `formatFields` writes it. */
export function fieldText(key: string, json: string): string {
  return formsOf(key).text + logfmtValue(json)
}

function formsOf(key: string): KeyForms {
  const known = knownKeys.get(key)
  if (known !== undefined) return known
  const made = {
    json: `,${JSON.stringify(key)}:`,
    text: ` ${key.replace(unsafeInKey, '_')}=`,
    isOwn: isOwnKey(key),
  }
  if (knownKeys.size < mostKeys) knownKeys.set(key, made)
  return made
}

function logfmtValue(json: string): string {
  switch (json.charCodeAt(0)) {
    case 34:
      return quotedWhereNeeded(JSON.parse(json) as string)
    case 123:
    case 91:
      return quotedWhereNeeded(json)
    default:
      return json
  }
}

function quotedWhereNeeded(text: string): string {
  return text === '' || needsQuotes.test(text) ? JSON.stringify(text) : text
}

/** Fields of JSON text: `,"a":1`. */
export function fieldsOfJson(json: string): FieldTexts {
  if (json === '') return noFields
  const pairs = Object.entries(JSON.parse(`{${json.slice(1)}}`) as Record<string, unknown>)
  const shown = pairs.filter(([key, value]) => !isAuditMark(key, value))
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
