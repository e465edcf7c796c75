// Errors on their way between threads: what people are told of them, hint included, and for the log where they were thrown.
import { LogboomError, type ErrorCode } from '../contracts/errors.ts'

export interface WireError {
  /** Absent: no error that anybody foresaw. */
  code?: ErrorCode
  message: string
  hint?: string
  position?: { from: number; to: number }
  stack?: string
}

export function toWireError(error: unknown): WireError {
  if (error instanceof LogboomError) {
    const { code, message, hint, position } = error
    return { code, message, hint, ...(position ? { position } : {}) }
  }
  if (!(error instanceof Error)) return { message: String(error) }
  return { message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) }
}

export function fromWireError({ code = 'internal', message, hint, position, stack }: WireError): LogboomError {
  const error = new LogboomError(code, message, { ...(hint ? { hint } : {}), ...(position ? { position } : {}) })
  if (stack !== undefined) error.stack = stack
  return error
}
