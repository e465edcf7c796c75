// The shape of every request, as zod schemas that are given zod: clients and workers load none of it. Numbers and booleans may
// come as text, since query strings have nothing else.
import type { z } from 'zod'
import {
  isTimeOrder,
  maxBuckets,
  type ContextRequest,
  type ExportFormat,
  type IdOrder,
  type SearchRequest,
  type SummaryRequest,
} from '../contracts/request.ts'
import { keepEverything, type RetentionRequest } from '../contracts/retention.ts'
import { maxInstances, type ControlAction } from '../contracts/source.ts'
import type { Zod } from '../contracts/zod.ts'
import { parseQuery } from '../query/language/parse-query.ts'
import { parseSize, sizeExamples } from '../text/amounts.ts'
import { durationExamples, parseDuration } from '../time/duration.ts'
import { parseTimeExpression, timeExamples } from '../time/time-expression.ts'
import { accessShapes, type AccessRequests } from './access-shapes.ts'
import type { FollowRequest } from './follow-frame.ts'
import type { ControlRequest, ScaleRequest } from './hub-view.ts'
import type { RouteName } from './routes.ts'

const defaultSearchLimit = 200
const maxSearchLimit = 10_000
/** Values of a facet, templates. */
const maxRanking = 1000
/** Records on each side of the one looked around. */
const maxContext = 1000

export type SearchQuery = SearchRequest & Required<Pick<SearchRequest, 'query' | 'order' | 'limit'>>

/** Requests as they are once checked, by route. */
export interface Requests extends AccessRequests {
  shutdown: { keep: boolean }
  processes: { name: string }
  control: { name: string; action: ControlAction }
  controlMany: ControlRequest
  scale: ScaleRequest
  search: SearchQuery
  summary: { request: SummaryRequest; progress: boolean }
  context: ContextRequest
  complete: { query: string; cursor: number }
  export: { request: SearchRequest & { order: IdOrder }; format: ExportFormat; utc: boolean }
  ingest: { source?: string | undefined; batch?: string | undefined }
  follow: FollowRequest
  retain: RetentionRequest
}

const wholeNumber = (z: Zod) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value),
    z.int().min(0),
  )
const atMost = (z: Zod, most: number) => wholeNumber(z).refine((value) => value <= most, `at most ${most}`)
const atLeastOne = (z: Zod) => wholeNumber(z).refine((value) => value > 0, 'at least 1')
const flag = (z: Zod) =>
  z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean())

/** A transform that refuses what means nothing, and says what would be right. */
const meaning =
  <From, Meaning>(parse: (value: From) => Meaning | undefined, refusal: string) =>
  (value: From, context: z.RefinementCtx): Meaning => {
    const parsed = parse(value)
    if (parsed === undefined) context.addIssue({ code: 'custom', message: refusal })
    return parsed!
  }

const point = (z: Zod) => z.union([z.number(), z.string()]).transform(meaning(parsePoint, pointRefusal))
const pointRefusal = `not a time; right would be: Unix milliseconds, ${timeExamples}`
const parsePoint = (value: number | string): number | undefined =>
  typeof value === 'number' ? value : parseTimeExpression(value, Date.now())
/** `TIME,ID`. */
const timePlace = (z: Zod) =>
  z.string().transform(meaning(parseTimePlace, 'not a place in the order of time: Unix milliseconds, a comma, an id'))

function parseTimePlace(text: string): { time: number; id: number } | undefined {
  const [time, id, ...rest] = text.split(',').map((part) => (part === '' ? NaN : Number(part)))
  return Number.isFinite(time) && Number.isSafeInteger(id) && rest.length === 0 ? { time: time!, id: id! } : undefined
}

const typedText = (z: Zod) => z.string().max(16_384)
/** Throws `query-invalid`, with the place, where the query is wrong. */
const query = (z: Zod) =>
  typedText(z).refine((text) => {
    parseQuery(text)
    return true
  })

/** `a,b` or `names=a&names=b`. */
const names = (z: Zod) =>
  z.preprocess(
    (value) =>
      value === undefined
        ? value
        : [value]
            .flat()
            .flatMap((each) => String(each).split(','))
            .filter(Boolean),
    z.array(z.string().max(256)).max(20).optional(),
  )

const range = (z: Zod) => ({
  query: query(z).default(''),
  after: wholeNumber(z).optional(),
  before: wholeNumber(z).optional(),
  since: point(z).optional(),
  until: point(z).optional(),
})

const search = (z: Zod): z.ZodType<SearchQuery> =>
  z
    .strictObject({
      ...range(z),
      order: z.enum(['newest', 'oldest', 'latest', 'earliest']).default('newest'),
      limit: atMost(z, maxSearchLimit).default(defaultSearchLimit),
      past: timePlace(z).optional(),
    })
    .refine(
      ({ past, order }) => !past || isTimeOrder(order),
      'past: only in the order latest or earliest; by id it is before or after',
    )

const summary = (z: Zod): z.ZodType<Requests['summary']> =>
  z
    .strictObject({
      ...range(z),
      from: point(z).optional(),
      to: point(z).optional(),
      bucketMs: atLeastOne(z).optional(),
      facets: names(z),
      facetLimit: atMost(z, maxRanking).optional(),
      templates: atMost(z, maxRanking).optional(),
      fields: flag(z).optional(),
      progress: flag(z).default(false),
    })
    .transform(({ from, to, bucketMs, progress, ...request }, context) => {
      const start = from ?? request.since
      const end = to ?? request.until ?? Date.now()
      const fault = faultOfHistogram(start, end, bucketMs, from !== undefined || to !== undefined)
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
      if (start === undefined || bucketMs === undefined) return { request, progress }
      return { request: { ...request, histogram: { from: start, to: end, bucketMs } }, progress }
    })

function faultOfHistogram(
  start: number | undefined,
  end: number,
  bucketMs: number | undefined,
  isMeant: boolean,
): string | undefined {
  if (bucketMs === undefined)
    return isMeant ? 'bucketMs: missing; a histogram needs the size of its buckets' : undefined
  if (start === undefined) return 'from: missing; a histogram needs its beginning, here or as since'
  const buckets = Math.ceil((end - start) / bucketMs)
  return buckets < 1 || buckets > maxBuckets
    ? `bucketMs: makes ${buckets} buckets, right would be 1 to ${maxBuckets}`
    : undefined
}

const context = (z: Zod): z.ZodType<ContextRequest> =>
  z.strictObject({
    id: wholeNumber(z),
    before: atMost(z, maxContext).optional(),
    after: atMost(z, maxContext).optional(),
    scope: z.enum(['source', 'run', 'all']).optional(),
  }) as z.ZodType<ContextRequest>

const exported = (z: Zod): z.ZodType<Requests['export']> =>
  z
    .strictObject({
      ...range(z),
      order: z.enum(['newest', 'oldest']).default('oldest'),
      limit: wholeNumber(z).optional(),
      format: z.enum(['ndjson', 'text', 'csv']).default('ndjson'),
      utc: flag(z).default(false),
    })
    .transform(({ format, utc, ...request }) => ({ request, format, utc }))

/** The query need not be right: it is still being typed. */
const complete = (z: Zod): z.ZodType<Requests['complete']> =>
  z
    .strictObject({ query: typedText(z).default(''), cursor: wholeNumber(z).optional() })
    .transform(({ query: text, cursor = text.length }) => ({ query: text, cursor: Math.min(cursor, text.length) }))

const follow = (z: Zod): z.ZodType<FollowRequest> =>
  z.strictObject({
    after: wholeNumber(z).optional(),
    query: query(z).optional(),
    limit: atMost(z, maxSearchLimit).optional(),
    rateLimit: atLeastOne(z).optional(),
    collapse: z.union([flag(z), z.literal('adjacent')], 'true, false or adjacent').optional(),
    slow: z.enum(['catch-up', 'skip']).optional(),
  }) as z.ZodType<FollowRequest>

const ingest = (z: Zod): z.ZodType<Requests['ingest']> =>
  z.strictObject({ source: z.string().optional(), batch: z.string().min(1).max(100).optional() })

const action = (z: Zod) => z.enum(['start', 'stop', 'restart'])

const control = (z: Zod): z.ZodType<Requests['control']> => z.strictObject({ name: z.string(), action: action(z) })

const controlMany = (z: Zod): z.ZodType<ControlRequest> =>
  z
    .strictObject({
      action: action(z),
      targets: z.array(z.string().max(256)).max(1000).optional(),
      all: z.boolean().optional(),
    })
    .refine(
      ({ targets = [], all }) => all || targets.length > 0,
      'targets: at least one, or all: true',
    ) as z.ZodType<ControlRequest>

const scale = (z: Zod): z.ZodType<ScaleRequest> =>
  z.strictObject({ name: z.string(), instances: z.int().min(1).max(maxInstances) })

/** Without limits: what is in force. With them, these alone; with a source, only for those that match. */
const retain = (z: Zod): z.ZodType<RetentionRequest> =>
  z
    .strictObject({
      age: z
        .string()
        .transform(meaning(parseDuration, `not understood; right would be: ${durationExamples}`))
        .optional(),
      size: z
        .string()
        .transform(meaning(parseSize, `not understood; right would be: ${sizeExamples}`))
        .optional(),
      source: z.string().min(1).max(256).optional(),
      dryRun: z.boolean().default(false),
    })
    .refine(
      ({ age, size, source }) => source === undefined || age !== undefined || size !== undefined,
      'source: alone says nothing; give age or size, too',
    )
    .transform(({ age, size, source, dryRun }): RetentionRequest => {
      if (age === undefined && size === undefined) return { dryRun }
      const limit = { ageMs: age ?? false, bytes: size ?? false } as const
      if (source === undefined) return { rules: { ...limit, sources: [] }, dryRun }
      return { rules: { ...keepEverything, sources: [{ pattern: source, ...limit }] }, dryRun }
    })

/** By route; those that are not named take no parameters. */
export const requestShapes: { readonly [Name in keyof Requests & RouteName]: (z: Zod) => z.ZodType<Requests[Name]> } = {
  shutdown: (z) => z.strictObject({ keep: z.boolean().default(false) }),
  processes: (z) => z.strictObject({ name: z.string() }),
  control,
  controlMany,
  scale,
  search,
  summary,
  context,
  complete,
  export: exported,
  ingest,
  follow,
  retain,
  ...accessShapes,
}
