// An error as a field: pino's standard form, with all errors that belong to it in the stack. Errors that pino's serializer refuses, such as frozen
// ones, and errors that another logger has taken apart (bunyan, pino in its own thread) have the same form.
import { types } from 'node:util'
import { attempt, cannotBeShown, messageText, readableCopy } from './cannot-be-shown.ts'
import { standardErrorSerializer } from './pino-parts.ts'

/** Also of another realm, as test runners and `vm` make them. */
export function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false
  return value instanceof Error || ((value as Error).stack !== undefined && types.isNativeError(value))
}

/** Standard form of field `err`, and of errors in other fields. */
export function serializeError(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (!isError(value)) return isTakenApart(value) ? standardForm(value) : standardErrorSerializer(value)
  try {
    const shown = standardErrorSerializer(value) as Record<string, unknown>
    if (typeof shown !== 'object' || shown === null) return shown
    const { cause } = value
    if (cause !== undefined && !isErrorLike(cause) && typeof cause !== 'function') shown['cause'] = cause
    shown['stack'] = stackText(value)
    return shown
  } catch {
    return standardForm(value)
  }
}

interface ErrorLike {
  type?: unknown
  name?: unknown
  message: string
  stack?: unknown
  errors?: unknown
  aggregateErrors?: unknown
  cause?: unknown
}

function isErrorLike(value: unknown): value is ErrorLike {
  return (
    typeof value === 'object' && value !== null && attempt(() => typeof (value as Error).message === 'string') === true
  )
}

/** A plain object that was an error before another logger made its fields. */
function isTakenApart(value: object): value is ErrorLike {
  return isErrorLike(value) && typeof value.stack === 'string'
}

function standardForm(error: object): Record<string, unknown> {
  const { name, type, ...rest } = readableCopy(error)
  const { constructor } = error as { constructor?: { name?: unknown } }
  const given = type ?? name ?? (isError(error) ? attempt(() => constructor?.name) : undefined)
  return {
    ...rest,
    type: typeof given === 'string' ? given : 'Error',
    message: readText(error, 'message'),
    stack: stackText(error),
  }
}

function readText(error: object, key: 'message' | 'stack' | 'name'): string {
  try {
    return messageText((error as Partial<Error>)[key])
  } catch (reason) {
    return cannotBeShown(reason)
  }
}

/** Errors told of one. */
const mostErrors = 100

/** The stack, and those of its inner errors (AggregateError) and of its causes. */
export function stackText(error: object, told: Set<object> = new Set()): string {
  told.add(error)
  let text = readText(error, 'stack') || `${readText(error, 'name') || 'Error'}: ${readText(error, 'message')}`
  const inner = innerErrorsOf(error)
  const add = (head: string, other: unknown): void => {
    if (!isErrorLike(other)) text += `\n${head}: ${messageText(other)}`
    else text += `\n${head}: ${told.has(other) ? '[Circular]' : stackText(other, told)}`
  }
  if (Array.isArray(inner))
    for (const [at, other] of inner.entries()) {
      if (told.size >= mostErrors) {
        text += `\nand ${inner.length - at} more inner errors`
        break
      }
      add(`inner error ${at + 1} of ${inner.length}`, other)
    }
  const cause = causeOf(error)
  if (isErrorLike(cause) && told.size < mostErrors) add('caused by', cause)
  return text
}

function innerErrorsOf(error: object): unknown {
  return attempt(() => (error as ErrorLike).errors ?? (error as ErrorLike).aggregateErrors)
}

/** VError gives its cause by a function. */
function causeOf(error: object): unknown {
  return attempt(() => {
    const { cause } = error as ErrorLike
    return typeof cause === 'function' ? (cause as () => unknown).call(error) : cause
  })
}
