// Thrown values → errors that can be shown with what to do about them.
import { LogboomError } from '../../../src/client/index.ts'

export function toLogboomError(error: unknown): LogboomError {
  if (error instanceof LogboomError) return error
  return new LogboomError('internal', error instanceof Error ? error.message : String(error), { cause: error })
}
