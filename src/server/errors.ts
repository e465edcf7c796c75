// Errors on their way out: which HTTP status, and the one JSON shape they all have. What nobody foresaw is told in the hub's
// own log alone, since its text may name files and places of code.
import { STATUS_CODES } from 'node:http'
import { LogboomError, type ErrorCode } from '../contracts/errors.ts'
import type { ErrorBody } from '../wire/hub-view.ts'
import { routes } from '../wire/routes.ts'
import { securityHeaders } from './guard.ts'
import { retryAfterSeconds } from './bounds/limits.ts'

const statuses: Partial<Record<ErrorCode, number>> = {
  'query-invalid': 400,
  'too-large': 413,
  'too-slow': 408,
  'batch-differs': 409,
  'request-invalid': 400,
  forbidden: 403,
  'sign-in-needed': 401,
  'sign-in-refused': 401,
  'not-allowed': 403,
  'unknown-account': 404,
  'already-there': 409,
  'unknown-source': 404,
  'not-found': 404,
  'unknown-job': 404,
  'job-owned': 403,
  'job-name-taken': 409,
  'not-controllable': 409,
  'command-not-found': 422,
  'env-file-invalid': 422,
  'too-often': 429,
  'too-many': 503,
  'stdin-invalid': 422,
  'relay-out-of-order': 409,
  'relay-damaged': 422,
  'agent-protocol': 426,
  'agent-copied': 409,
  'agent-in-use': 409,
  'disk-full': 507,
  'store-unwritable': 507,
}

export interface ErrorAnswer {
  status: number
  headers: Readonly<Record<string, string>>
  body: { error: ErrorBody }
}

/** Any thrown value. What is not ours is `internal`, unless the HTTP layer says that the request was at fault. */
export type AnswerOf = (thrown: unknown) => ErrorAnswer

const unforeseen = new LogboomError('internal', 'The hub met an error that nobody foresaw.', {
  hint: 'The hub’s own log says more (`logboom logs source:logboom`); please report it with that.',
})
/** Pause before an error that comes again is told again: pages ask every few seconds. */
const tellAgainMs = 600_000
const maxRemembered = 100

/** `tell` is called once for each error that is not foreseen. */
export function openAnswers(tell: (error: Error) => void): AnswerOf {
  const told = new Map<string, number>()

  function tellOnce(thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    // Nobody waits for the answer any more.
    if (error.name === 'AbortError') return
    const now = performance.now()
    if (now < (told.get(error.message) ?? -Infinity) + tellAgainMs) return
    if (told.size >= maxRemembered) {
      for (const [text, at] of told) if (now >= at + tellAgainMs) told.delete(text)
      if (told.size >= maxRemembered) return
    }
    told.set(error.message, now)
    tell(error)
  }

  return (thrown) => {
    const status = httpStatus(thrown)
    let error: LogboomError
    if (thrown instanceof LogboomError && thrown.code !== 'internal') error = thrown
    else if (status !== undefined) error = new LogboomError('request-invalid', String((thrown as Error).message))
    else {
      tellOnce(thrown)
      error = unforeseen
    }
    const { code, message, hint, position } = error
    const headers: Record<string, string> =
      code === 'too-many' || code === 'too-often' ? { 'retry-after': `${retryAfterSeconds}` } : {}
    return {
      status: status ?? statuses[code] ?? 500,
      headers,
      body: {
        error: { code, message, hint, ...(position ? { position: { from: position.from, to: position.to } } : {}) },
      },
    }
  }
}

/** Error of a path that no route has. */
export function nothingAt(method: string, path: string): LogboomError {
  const message = `There is nothing at ${method} ${path}.`
  const right = Object.values(routes).filter((route) => formOf(route.path).test(path))
  if (right.length > 0)
    return new LogboomError('not-found', message, {
      hint: `Ask it by ${right.map((route) => route.method).join(' or ')}.`,
    })
  const isPlain = !/\/\/|(^|\/)\.{1,2}(\/|$)/.test(path)
  return new LogboomError('not-found', message, isPlain ? {} : { hint: plainPathHint })
}

const plainPathHint = 'Paths are written with single slashes, and without . and .. in them; docs/api.md has the routes.'
const formOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`)

/** An answer as bytes of HTTP, for a connection that has no response. */
export function rawAnswer({ status, headers, body }: ErrorAnswer): string {
  const text = JSON.stringify(body)
  const all = {
    connection: 'close',
    'content-type': 'application/json; charset=utf-8',
    'content-length': `${Buffer.byteLength(text)}`,
    ...securityHeaders,
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`
}

/** Fastify's own errors (body too large, malformed JSON …) carry the status. */
function httpStatus(thrown: unknown): number | undefined {
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}
