// A query's mistake, as it is shown beside the place where it was typed.
import type { LogboomError } from '../../../../src/client/index.ts'
import { positionInText, type LogView } from '../view.ts'

export interface QueryProblem {
  message: string
  hint: string
  /** In the text that was typed. */
  position?: { from: number; to: number }
}

/** Undefined for errors that are not the query's. */
export function queryProblem(view: LogView, error: LogboomError | undefined): QueryProblem | undefined {
  if (error?.code !== 'query-invalid') return undefined
  const { message, hint } = error
  const position = error.position && positionInText(view, error.position)
  if (!position) return { message, hint }
  // Messages count in the whole query, people in what they typed.
  return { message: message.replace(/\(at character \d+\)$/, `(at character ${position.from + 1})`), hint, position }
}
