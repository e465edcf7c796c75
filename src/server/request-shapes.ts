// The shape of every request, as zod schemas. Numbers and booleans may come as text, since query strings have nothing else.
import { z } from 'zod'
import { durationExamples, parseDuration, parseSize, sizeExamples } from '../text/amounts.ts'
import { LogboomError } from '../contracts/errors.ts'
import { parseQuery } from '../query/language/parse-query.ts'
import {
  isTimeOrder,
  maxBuckets,
  type ContextRequest,
  type ExportFormat,
  type IdOrder,
  type SearchRequest,
  type SummaryRequest,
} from '../contracts/request.ts'
import { parseTimeExpression, timeExamples } from '../time/time-expression.ts'
import { keepEverything, type RetentionRequest } from '../contracts/retention.ts'
import type { ControlAction } from '../contracts/source.ts'
import type { FollowRequest } from '../wire/follow-frame.ts'
import { maxInstances } from '../supervise/process-options.ts'
import type { ControlRequest, ScaleRequest } from '../wire/hub-view.ts'
import { defaultSearchLimit, maxContext, maxRanking, maxSearchLimit } from './bounds/limits.ts'

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
/** `TIME,ID`. */
const timePlace = z.string().transform((value, context) => {
  const [time, id, ...rest] = value.split(',').map((part) => (part === '' ? NaN : Number(part)))
  if (Number.isFinite(time) && Number.isSafeInteger(id) && rest.length === 0) return { time: time!, id: id! }
  context.addIssue({ code: 'custom', message: 'not a place in the order of time: Unix milliseconds, a comma, an id' })
  return z.NEVER
})

const atMost = (most: number) => wholeNumber.refine((value) => value <= most, `at most ${most}`)
/** `a,b` or `names=a&names=b`. */
const names = z.preprocess(
  (value) =>
    value === undefined
      ? value
      : [value]
          .flat()
          .flatMap((each) => String(each).split(','))
          .filter(Boolean),
  z.array(z.string().max(256)).max(20).optional(),
)

const limit = atMost(maxSearchLimit)

const rangeShape = z.strictObject({
  query: query.default(''),
  after: wholeNumber.optional(),
  before: wholeNumber.optional(),
  since: point.optional(),
  until: point.optional(),
})

const searchShape = z.strictObject({
  ...rangeShape.shape,
  order: z.enum(['newest', 'oldest', 'latest', 'earliest']).default('newest'),
  limit: limit.default(defaultSearchLimit),
  past: timePlace.optional(),
})

const summaryShape = z.strictObject({
  ...rangeShape.shape,
  from: point.optional(),
  to: point.optional(),
  bucketMs: wholeNumber.refine((value) => value > 0, 'at least 1').optional(),
  facets: names,
  facetLimit: atMost(maxRanking).optional(),
  templates: atMost(maxRanking).optional(),
  fields: flag.optional(),
  progress: flag.default(false),
})

const contextShape = z.strictObject({
  id: wholeNumber,
  before: atMost(maxContext).optional(),
  after: atMost(maxContext).optional(),
  scope: z.enum(['source', 'run', 'all']).optional(),
})

const exportShape = z.strictObject({
  ...rangeShape.shape,
  order: z.enum(['newest', 'oldest']).default('oldest'),
  limit: wholeNumber.optional(),
  format: z.enum(['ndjson', 'text', 'csv']).default('ndjson'),
  utc: flag.default(false),
})

const completeShape = z.strictObject({ query: query.default(''), cursor: wholeNumber.optional() })

const followShape = z.strictObject({
  after: wholeNumber.optional(),
  query: query.optional(),
  limit: limit.optional(),
  rateLimit: wholeNumber.refine((value) => value > 0, 'at least 1').optional(),
  collapse: z.union([flag, z.literal('adjacent')], 'true, false or adjacent').optional(),
  slow: z.enum(['catch-up', 'skip']).optional(),
})

const ingestShape = z.strictObject({ source: z.string().optional(), batch: z.string().min(1).max(100).optional() })

const action = z.enum(['start', 'stop', 'restart'])
const controlShape = z.strictObject({ name: z.string(), action })

const sourceNameShape = z.strictObject({ name: z.string() })

const controlManyShape = z
  .strictObject({ action, targets: z.array(z.string().max(256)).max(1000).optional(), all: z.boolean().optional() })
  .refine(({ targets = [], all }) => all || targets.length > 0, 'targets: at least one, or all: true')

const scaleShape = z.strictObject({ name: z.string(), instances: z.int().min(1).max(maxInstances) })

const duration = amount(parseDuration, durationExamples)
const size = amount(parseSize, sizeExamples)

const retainShape = z.strictObject({
  age: duration.optional(),
  size: size.optional(),
  source: z.string().min(1).max(256).optional(),
  dryRun: z.boolean().default(false),
})

const shutdownShape = z.strictObject({ keep: z.boolean().default(false) })

export type SearchQuery = SearchRequest & Required<Pick<SearchRequest, 'query' | 'order' | 'limit'>>

/** This and the others throw `request-invalid` naming the place; those with a query also `query-invalid`. */
export function parseSearchQuery(value: unknown): SearchQuery {
  const request = parseShape(searchShape, value)
  parseQuery(request.query)
  if (request.past && !isTimeOrder(request.order)) {
    throw new LogboomError('request-invalid', 'past: only in the order latest or earliest; by id it is before or after')
  }
  return request
}

export function parseSummaryQuery(value: unknown): { request: SummaryRequest; progress: boolean } {
  const { from, to, bucketMs, progress, ...request } = parseShape(summaryShape, value)
  parseQuery(request.query)
  const start = from ?? request.since
  const end = to ?? request.until ?? Date.now()
  if (bucketMs === undefined) {
    if (from === undefined && to === undefined) return { request, progress }
    throw new LogboomError('request-invalid', 'bucketMs: missing; a histogram needs the size of its buckets')
  }
  if (start === undefined) {
    throw new LogboomError('request-invalid', 'from: missing; a histogram needs its beginning, here or as since')
  }
  const buckets = Math.ceil((end - start) / bucketMs)
  if (buckets < 1 || buckets > maxBuckets) {
    throw new LogboomError('request-invalid', `bucketMs: makes ${buckets} buckets, right would be 1 to ${maxBuckets}`)
  }
  return { request: { ...request, histogram: { from: start, to: end, bucketMs } }, progress }
}

export function parseContextQuery(value: unknown): ContextRequest {
  return parseShape(contextShape, value)
}

export function parseExportQuery(value: unknown): {
  request: SearchRequest & { order: IdOrder }
  format: ExportFormat
  utc: boolean
} {
  const { format, utc, ...request } = parseShape(exportShape, value)
  parseQuery(request.query)
  return { request, format, utc }
}

/** The query need not be right: it is still being typed. */
export function parseCompleteQuery(value: unknown): { query: string; cursor: number } {
  const { query, cursor = query.length } = parseShape(completeShape, value)
  return { query, cursor: Math.min(cursor, query.length) }
}

export function parseFollowRequest(value: unknown): FollowRequest {
  const request = parseShape(followShape, value)
  parseQuery(request.query ?? '')
  return request
}

export function parseIngestQuery(value: unknown): { source?: string | undefined; batch?: string | undefined } {
  return parseShape(ingestShape, value)
}

export function parseControl(value: unknown): { name: string; action: ControlAction } {
  return parseShape(controlShape, value)
}

export function parseSourceName(value: unknown): string {
  return parseShape(sourceNameShape, value).name
}

export function parseControlMany(value: unknown): ControlRequest {
  return parseShape(controlManyShape, value)
}

export function parseScale(value: unknown): ScaleRequest {
  return parseShape(scaleShape, value)
}

export function parseShutdown(value: unknown): { keep: boolean } {
  return parseShape(shutdownShape, value ?? {})
}

/** Without limits: what is in force. With them, these alone; with a source, only for those that match. */
export function parseRetain(value: unknown): RetentionRequest {
  const { age: ageMs, size: bytes, source, dryRun } = parseShape(retainShape, value ?? {})
  if (ageMs === undefined && bytes === undefined) {
    if (source !== undefined)
      throw new LogboomError('request-invalid', 'source: alone says nothing; give age or size, too')
    return { dryRun }
  }
  const limit = { ageMs: ageMs ?? false, bytes: bytes ?? false } as const
  const rules =
    source === undefined ? { ...limit, sources: [] } : { ...keepEverything, sources: [{ pattern: source, ...limit }] }
  return { rules, dryRun }
}

function amount(parse: (text: string) => number | undefined, examples: string) {
  return z.string().transform((text, context) => {
    const parsed = parse(text)
    if (parsed !== undefined) return parsed
    context.addIssue({ code: 'custom', message: `not understood; right would be: ${examples}` })
    return z.NEVER
  })
}

function parseShape<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  const result = shape.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  )
  throw new LogboomError('request-invalid', problems.join('; '))
}
