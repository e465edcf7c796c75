// Message and fields of a record from what a log call was given; and the same with a placeholder for each part that cannot be shown.
import { attempt, cannotBeShown, messageText, readableCopy } from './cannot-be-shown.ts'
import { isError } from './error-fields.ts'
import { noFields, readFields, readFieldsCarefully, type FieldTexts, type Wanted } from './field-texts.ts'
import type { PinoParts } from './pino-parts.ts'

type Fields = Readonly<Record<string, unknown>>

export interface EntryParts {
  message: string
  /** Fields of the call alone. */
  fields: FieldTexts
}

/** Throws what values, serializers and redaction throw. */
export function entryParts(parts: PinoParts, given: unknown, text: unknown, wanted: Wanted): EntryParts {
  if (given === null || given === undefined) return { message: shownMessage(parts, text), fields: noFields }
  const object = isError(given) ? { err: given } : (given as Fields)
  const message = shownMessage(parts, text ?? messageIn(object))
  return { message, fields: readFields(parts, object, wanted) }
}

export function carefulEntryParts(parts: PinoParts, given: unknown, text: unknown, wanted: Wanted): EntryParts {
  if (given === null || given === undefined) return { message: carefulMessage(parts, () => text), fields: noFields }
  const object = attempt(() => isError(given)) ? { err: given } : (given as Fields)
  const message = carefulMessage(parts, () => text ?? messageIn(object))
  return { message, fields: readFieldsCarefully(parts, object, wanted) }
}

function messageIn(object: Fields): unknown {
  const { msg, err } = object
  if (msg !== undefined) return msg
  return err !== null && typeof err === 'object' && typeof (err as Error).message === 'string'
    ? (err as Error).message
    : undefined
}

/** Serializer and redaction of `msg` apply to messages, as in pino. */
function shownMessage({ serializers, redactors }: PinoParts, message: unknown): string {
  const { msg: serializer } = serializers
  const value = serializer === undefined || message === undefined ? message : serializer(message)
  const redactor = redactors['msg']
  return messageText(redactor === undefined || value === undefined ? value : parseOr(redactor(value)))
}

function carefulMessage(parts: PinoParts, message: () => unknown): string {
  try {
    return shownMessage(parts, message())
  } catch (error) {
    return cannotBeShown(error)
  }
}

function parseOr(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json)
}

/** An object in whose place another goes that can be read; an error stays what it is. */
export function readableObject(object: object): object {
  return attempt(() => isError(object)) ? { err: object } : readableCopy(object)
}
