// An error as the server sent it → the same error here.
import { hints, LogboomError, type ErrorCode } from '../contracts/errors.ts'
import type { ErrorBody } from '../wire/hub-view.ts'

/** A code that this version does not know, from a newer hub, becomes `internal` but keeps its message and hint. */
export function receivedError({ code, message, hint, position }: ErrorBody): LogboomError {
  const known = Object.hasOwn(hints, code) ? (code as ErrorCode) : 'internal'
  return new LogboomError(known, message, { hint, ...(position ? { position } : {}) })
}
