// The shape of every request, as zod schemas that are given zod: clients and workers load none of it. Messages go behind the name
// of a parameter, or name it themselves.
import type { z } from 'zod'
import {
  isTimeOrder,
  maxBuckets,
  maxContext,
  maxRanking,
  type ContextRequest,
  type ExportFormat,
  type IdOrder,
  type SearchRequest,
  type SummaryRequest,
} from '../contracts/request.ts'
import { keepEverything, type RetentionChange, type RetentionRequest } from '../contracts/retention.ts'
import { levelExamples, type SeverityName } from '../contracts/record.ts'
import { maxInstances, type ControlAction } from '../contracts/source.ts'
import type { Zod } from '../contracts/zod.ts'
import { parseQuery } from '../query/language/parse-query.ts'
import { parseSize, sizeExamples } from '../text/amounts.ts'
import { durationExamples, parseDuration } from '../time/duration.ts'
import { accessShapes, type AccessRequests } from './access-shapes.ts'
import type { FollowRequest } from './follow-frame.ts'
import type { ControlRequest, LevelChange, ScaleRequest, ServiceChange } from './hub-view.ts'
import {
  choice,
  flag,
  level,
  levelNamed,
  meaning,
  name,
  names,
  number,
  point,
  text,
  timePlace,
  truth,
  typedText,
  wholeNumber,
} from './request-values.ts'
import type { RunListParameters } from './run-view.ts'
import type { RouteName } from './routes.ts'

/** Throws `query-invalid`, with the place, where the query is wrong. */
const query = (z: Zod): z.ZodString =>
  typedText(z).refine((given) => {
    parseQuery(given)
    return true
  })

const defaultSearchLimit = 200
const maxSearchLimit = 10_000
const defaultListLimit = 50
const maxListLimit = 200

export type SearchQuery = SearchRequest & Required<Pick<SearchRequest, 'query' | 'order' | 'limit'>>

/** Requests as they are once checked, by route. */
export interface Requests extends AccessRequests {
  shutdown: { keep: boolean }
  processes: { name: string }
  control: { name: string; action: ControlAction }
  controlMany: ControlRequest
  scale: ScaleRequest
  setLevel: { name: string } & LevelChange
  setService: { name: string } & ServiceChange
  search: SearchQuery
  summary: { request: SummaryRequest; progress: boolean }
  context: ContextRequest
  complete: { query: string; cursor: number }
  export: { request: SearchRequest & { order: IdOrder }; format: ExportFormat; utc: boolean }
  ingest: { source?: string | undefined; batch?: string | undefined }
  follow: FollowRequest
  retain: RetentionRequest
  setRetention: RetentionChange
  jobs: ListQuery
  runs: ListQuery
  sessions: ListQuery
}

type ListQuery = RunListParameters & { limit: number }

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
      order: choice(z, ['newest', 'oldest', 'latest', 'earliest']).default('newest'),
      limit: wholeNumber(z, { most: maxSearchLimit }).default(defaultSearchLimit),
      past: timePlace(z).optional(),
    })
    .refine(
      ({ past, order }) => !past || isTimeOrder(order),
      'past goes with the order latest or earliest alone; by id it is before or after',
    )

const summary = (z: Zod): z.ZodType<Requests['summary']> =>
  z
    .strictObject({
      ...range(z),
      from: point(z).optional(),
      to: point(z).optional(),
      bucketMs: wholeNumber(z, { least: 1 }).optional(),
      facets: names(z),
      facetLimit: wholeNumber(z, { most: maxRanking }).optional(),
      templates: wholeNumber(z, { most: maxRanking }).optional(),
      fields: flag(z).optional(),
      progress: flag(z).default(false),
    })
    .transform(({ from, to, bucketMs, progress, ...request }, context) => {
      const start = from ?? request.since
      const end = to ?? request.until ?? Date.now()
      const names_ = [from === undefined ? 'since' : 'from', to === undefined ? 'until' : 'to'] as const
      const isMeant = bucketMs !== undefined || from !== undefined || to !== undefined
      const fault = isMeant && faultOfHistogram(start, end, bucketMs, names_)
      if (fault) context.addIssue({ code: 'custom', message: fault })
      if (start === undefined || bucketMs === undefined) return { request, progress }
      return { request: { ...request, histogram: { from: start, to: end, bucketMs } }, progress }
    })

function faultOfHistogram(
  start: number | undefined,
  end: number,
  bucketMs: number | undefined,
  [startName, endName]: readonly [string, string],
): string | undefined {
  if (bucketMs === undefined) return 'bucketMs is missing; a histogram needs the size of its buckets'
  if (start === undefined) return 'from is missing; a histogram needs its beginning, here or as since'
  if (end <= start) return `${endName} must be later than ${startName}`
  const leastMs = Math.ceil((end - start) / maxBuckets)
  return bucketMs < leastMs
    ? `bucketMs must be at least ${leastMs}, as a histogram has at most ${maxBuckets} buckets`
    : undefined
}

const context = (z: Zod): z.ZodType<ContextRequest> =>
  z.strictObject({
    id: wholeNumber(z),
    before: wholeNumber(z, { most: maxContext }).optional(),
    after: wholeNumber(z, { most: maxContext }).optional(),
    scope: choice(z, ['source', 'run', 'all']).optional(),
  }) as z.ZodType<ContextRequest>

const exported = (z: Zod): z.ZodType<Requests['export']> =>
  z
    .strictObject({
      ...range(z),
      order: choice(z, ['newest', 'oldest']).default('oldest'),
      limit: wholeNumber(z).optional(),
      format: choice(z, ['ndjson', 'text', 'csv']).default('ndjson'),
      utc: flag(z).default(false),
    })
    .transform(({ format, utc, ...request }) => ({ request, format, utc }))

/** The query need not be right: it is still being typed. */
const complete = (z: Zod): z.ZodType<Requests['complete']> =>
  z
    .strictObject({ query: typedText(z).default(''), cursor: wholeNumber(z).optional() })
    .transform(({ query: typed, cursor = typed.length }) => ({ query: typed, cursor: Math.min(cursor, typed.length) }))

const follow = (z: Zod): z.ZodType<FollowRequest> =>
  z.strictObject({
    after: wholeNumber(z).optional(),
    query: query(z).optional(),
    limit: wholeNumber(z, { most: maxSearchLimit }).optional(),
    rateLimit: wholeNumber(z, { least: 1 }).optional(),
    shown: z.union([flag(z), level(z)], `must be true, false or a level: ${levelExamples}`).optional(),
    collapse: z.union([flag(z), z.literal('adjacent')], 'must be true, false or adjacent').optional(),
    slow: choice(z, ['catch-up', 'skip']).optional(),
  }) as z.ZodType<FollowRequest>

const ingest = (z: Zod): z.ZodType<Requests['ingest']> =>
  z.strictObject({ source: text(z, 1000).optional(), batch: name(z, 100).optional() })

const action = (z: Zod) => choice(z, ['start', 'stop', 'restart'])

const control = (z: Zod): z.ZodType<Requests['control']> => z.strictObject({ name: z.string(), action: action(z) })

const controlMany = (z: Zod): z.ZodType<ControlRequest> =>
  z
    .strictObject({
      action: action(z),
      targets: z
        .array(name(z), { error: 'must be a list of names, patterns and @group' })
        .max(1000, 'must be at most 1000')
        .optional(),
      all: truth(z).optional(),
    })
    .superRefine(({ targets = [], all = false }, check) => {
      if (all === targets.length > 0) check.addIssue({ code: 'custom', message: all ? tooManyTargets : noTargets })
    }) as z.ZodType<ControlRequest>

const noTargets = 'targets must name at least one, or all must be true'
const tooManyTargets = 'targets and all contradict each other; give one of them'

const scale = (z: Zod): z.ZodType<ScaleRequest> =>
  z.strictObject({ name: name(z), instances: number(z, { least: 1, most: maxInstances }) })

const listed = (z: Zod) => ({
  source: name(z).optional(),
  status: name(z, 100).optional(),
  session: name(z).optional(),
  limit: wholeNumber(z, { least: 1, most: maxListLimit }).default(defaultListLimit),
  past: name(z).optional(),
})

const saysNothing = (of: readonly string[]): string => `${of.join(' or ')} must be given, or nothing is changed`

/** Or as for all, as configured. */
const levelOrDefault = (z: Zod): z.ZodType<SeverityName | 'default'> =>
  meaning<SeverityName | 'default'>(
    z,
    (given) => (given === 'default' ? given : levelNamed(given)),
    `a level, or default: ${levelExamples}`,
  )

const setLevel = (z: Zod): z.ZodType<Requests['setLevel']> =>
  z
    .strictObject({ name: name(z), shown: levelOrDefault(z).optional(), captured: levelOrDefault(z).optional() })
    .refine(({ shown, captured }) => shown ?? captured, saysNothing(['shown', 'captured']))

const setService = (z: Zod): z.ZodType<Requests['setService']> =>
  z
    .strictObject({ name: name(z), shown: truth(z).optional(), captured: truth(z).optional() })
    .refine(({ shown, captured }) => shown !== undefined || captured !== undefined, saysNothing(['shown', 'captured']))

const setRetention = (z: Zod): z.ZodType<RetentionChange> => {
  const limit = (parse: (text: string) => number | undefined, words: string): z.ZodType<number | false | null> =>
    meaning<number | false | null>(
      z,
      (given) => (given === 'none' ? false : given === 'default' ? null : parse(given)),
      `${words}, none or default`,
    )
  return z
    .strictObject({
      age: limit(parseDuration, `a duration: ${durationExamples}`).optional(),
      size: limit(parseSize, `a size: ${sizeExamples}`).optional(),
      source: name(z).optional(),
    })
    .refine(({ age, size }) => age !== undefined || size !== undefined, saysNothing(['age', 'size']))
    .transform(({ age, size, source }): RetentionChange => ({ source, ageMs: age, bytes: size }))
}

const runs = (z: Zod): z.ZodType<ListQuery> =>
  z.strictObject({
    ...listed(z),
    run: wholeNumber(z, { least: 1 }).optional(),
    job: name(z).optional(),
    owner: name(z).optional(),
  })

/** Without limits: what is in force. With them, these alone; with a source, only for those that match. */
const retain = (z: Zod): z.ZodType<RetentionRequest> =>
  z
    .strictObject({
      age: meaning(z, parseDuration, `a duration: ${durationExamples}`).optional(),
      size: meaning(z, parseSize, `a size: ${sizeExamples}`).optional(),
      source: name(z).optional(),
      dryRun: truth(z).default(false),
    })
    .refine(
      ({ age, size, source }) => source === undefined || age !== undefined || size !== undefined,
      'source alone says nothing; give age or size, too',
    )
    .transform(({ age, size, source, dryRun }): RetentionRequest => {
      if (age === undefined && size === undefined) return { dryRun }
      const limit = { ageMs: age ?? false, bytes: size ?? false } as const
      if (source === undefined) return { rules: { ...limit, sources: [] }, dryRun }
      return { rules: { ...keepEverything, sources: [{ pattern: source, ...limit }] }, dryRun }
    })

/** Parameters that an address may have more than once. */
export const repeatable: ReadonlySet<string> = new Set(['facets'])

/** By route; those that are not named take no parameters. */
export const requestShapes: { readonly [Name in keyof Requests & RouteName]: (z: Zod) => z.ZodType<Requests[Name]> } = {
  shutdown: (z) => z.strictObject({ keep: truth(z).default(false) }),
  processes: (z) => z.strictObject({ name: z.string() }),
  control,
  controlMany,
  scale,
  setLevel,
  setService,
  search,
  summary,
  context,
  complete,
  export: exported,
  ingest,
  follow,
  retain,
  setRetention,
  jobs: runs,
  runs,
  sessions: (z) => z.strictObject(listed(z)),
  ...accessShapes,
}
