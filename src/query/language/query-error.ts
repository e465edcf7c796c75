// The one error a query can have: it says where, so that an editor can underline it, and what would be right.
import { LogboomError } from '../../contracts/errors.ts'

export interface Position {
  /** In UTF-16 units of the query's text. */
  from: number
  to: number
}

export function queryError(message: string, { from, to }: Position, hint?: string): LogboomError {
  return new LogboomError('query-invalid', `${message} (at character ${from + 1})`, { hint, position: { from, to } })
}
