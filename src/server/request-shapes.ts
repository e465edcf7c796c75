// The shape of every request, as zod schemas. Numbers and booleans may come as text, since query strings have nothing else.
import { z } from 'zod'
import { LogboomError } from '../errors.ts'
import { parseQuery } from '../query/parse-query.ts'
import type { SearchRequest } from '../query/request.ts'
import { parseTimeExpression, timeExamples } from '../query/time-expression.ts'
import type { FollowRequest } from '../wire/follow-frame.ts'
import { defaultSearchLimit, maxSearchLimit } from './limits.ts'

const wholeNumber = z.preprocess(
  (value) => (typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value),
  z.int().min(0),
)
const flag = z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean())
const point = z.union([z.number(), z.string()]).transform((value, context) => {
  const time = typeof value === 'number' ? value : parseTimeExpression(value, Date.now())
  if (time !== undefined) return time
  context.addIssue({ code: 'custom', message: `not a time; right would be: Unix milliseconds, ${timeExamples}` })
  return z.NEVER
})
const query = z.string().max(16_384)
const limit = wholeNumber.refine((value) => value <= maxSearchLimit, `at most ${maxSearchLimit}`)

const searchShape = z.strictObject({
  query: query.default(''),
  after: wholeNumber.optional(),
  before: wholeNumber.optional(),
  since: point.optional(),
  until: point.optional(),
  order: z.enum(['newest', 'oldest']).default('newest'),
  limit: limit.default(defaultSearchLimit),
})

const followShape = z.strictObject({
  after: wholeNumber.optional(),
  query: query.optional(),
  limit: limit.optional(),
  rateLimit: wholeNumber.refine((value) => value > 0, 'at least 1').optional(),
  collapse: flag.optional(),
  slow: z.enum(['catch-up', 'skip']).optional(),
})

const controlShape = z.strictObject({ name: z.string(), action: z.enum(['start', 'stop', 'restart']) })

const shutdownShape = z.strictObject({ keep: z.boolean().default(false) })

export type SearchQuery = SearchRequest & Required<Pick<SearchRequest, 'query' | 'order' | 'limit'>>

/** This and the others throw `request-invalid` naming the place; those with a query also `query-invalid`. */
export function parseSearchQuery(value: unknown): SearchQuery {
  const request = parseShape(searchShape, value)
  parseQuery(request.query)
  return request
}

export function parseFollowRequest(value: unknown): FollowRequest {
  const request = parseShape(followShape, value)
  parseQuery(request.query ?? '')
  return request
}

export function parseControl(value: unknown): { name: string; action: 'start' | 'stop' | 'restart' } {
  return parseShape(controlShape, value)
}

export function parseShutdown(value: unknown): { keep: boolean } {
  return parseShape(shutdownShape, value ?? {})
}

function parseShape<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  const result = shape.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  )
  throw new LogboomError('request-invalid', problems.join('; '))
}
