// Errors on their way out: which HTTP status, and the one JSON shape they all have.
import { LogboomError, type ErrorCode } from '../errors.ts'
import type { ErrorBody } from '../wire/hub-view.ts'

const statuses: Partial<Record<ErrorCode, number>> = {
  'query-invalid': 400,
  'too-large': 413,
  'too-slow': 408,
  'batch-differs': 409,
  'request-invalid': 400,
  forbidden: 403,
  'unknown-source': 404,
  'not-found': 404,
  'not-controllable': 409,
  'command-not-found': 422,
  'env-file-invalid': 422,
  'disk-full': 507,
  'store-unwritable': 507,
}

export interface ErrorAnswer {
  status: number
  body: { error: ErrorBody }
}

/** Any thrown value. What is not ours becomes `internal`, unless the HTTP layer says that the request was at fault. */
export function answerOf(thrown: unknown): ErrorAnswer {
  const error = asLogboomError(thrown)
  const status = statuses[error.code] ?? 500
  const { code, message, hint, position } = error
  return {
    status: httpStatus(thrown) ?? status,
    body: {
      error: { code, message, hint, ...(position ? { position: { from: position.from, to: position.to } } : {}) },
    },
  }
}

function asLogboomError(thrown: unknown): LogboomError {
  if (thrown instanceof LogboomError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new LogboomError(httpStatus(thrown) === undefined ? 'internal' : 'request-invalid', message, { cause: thrown })
}

/** Fastify's own errors (body too large, malformed JSON …) carry the status. */
function httpStatus(thrown: unknown): number | undefined {
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}
