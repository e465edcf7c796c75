// Requests to the log, by search, export, follow and summary alike, and the answer of a summary; plain JSON, so that it
// crosses threads and wires.
import type { NamedRecord, ServiceNames, SeverityName } from './record.ts'

/** Numbers of runs, by source. */
export type RunsBySource = ReadonlyMap<string, ReadonlySet<number>>

/** A query that no record matches. */
export const nothing = 'NOT source:*'

export interface Within {
  /** In the query language; of those who see everything there is no `Within`. */
  query: string
  /** Runs of the jobs of a user: those of their records that match this `query` are seen, too. Runs of later jobs are added. */
  own?: { owner: string; runs: RunsBySource; query: string }
}

/** The part of what may be seen that another query matches; an empty one matches everything. */
export function narrowWithin(within: Within | undefined, query: string): Within | undefined {
  if (query === '') return within
  const narrowed = (of = ''): string => (of === '' ? query : of === nothing ? nothing : `(${of}) AND (${query})`)
  return {
    query: narrowed(within?.query),
    ...(within?.own && { own: { ...within.own, query: narrowed(within.own.query) } }),
  }
}

/** For people: what may be seen; empty: everything. */
export function formatWithin(within: Within | undefined): string {
  if (!within) return ''
  return within.own ? `${within.query}, or belongs to own jobs` : within.query
}

export interface SearchRequest {
  /** In the query language; empty or absent matches everything. */
  query?: string
  /** Only what the caller may see; absent: everything. No request from outside has it. */
  within?: Within | undefined
  /** Names of services, which only a hub knows. No request from outside has it. */
  serviceNames?: ServiceNames
  /** Only records with a greater id. */
  after?: number
  /** Only records with a smaller id. */
  before?: number
  /** Only records with `time` at or after; Unix milliseconds. */
  since?: number
  /** Only records with `time` before; Unix milliseconds. */
  until?: number
  /** Default: newest first. */
  order?: SearchOrder
  /** At most so many records; the order of time needs one, of `maxByTime` at most. */
  limit?: number
  /** In the order of time: only the first records whose messages have so many bytes together, one of them in any case. */
  maxBytes?: number
  /** In the order of time: only what comes after this place. */
  past?: TimePlace
}

/** Least levels of what is shown, or kept, and the services of which nothing is. */
export interface Threshold {
  level: SeverityName
  /** By name of the source, in place of `level`. */
  ofSources: Readonly<Record<string, SeverityName>>
  /** By their names for people. */
  withoutServices: readonly string[]
}

/** By id. */
export type IdOrder = 'newest' | 'oldest'
/** By event time, then by id: the latest first, or the earliest. */
export type TimeOrder = 'latest' | 'earliest'
export type SearchOrder = IdOrder | TimeOrder

export function isTimeOrder(order: SearchOrder | undefined): order is TimeOrder {
  return order === 'latest' || order === 'earliest'
}

/** The place of a record in the order of time. */
export interface TimePlace {
  time: number
  id: number
}

/** Records of an answer over HTTP at most, and one to know whether there is more. */
export const maxByTime = 10_001

/** Parts of a summary beside the count of all matching records; each only when it is asked for. */
export interface SummaryRequest extends Omit<SearchRequest, 'order' | 'limit' | 'maxBytes' | 'past'> {
  /** Event times from `from` (Unix milliseconds) to before `to`, in buckets of `bucketMs`: at most `maxBuckets`. */
  histogram?: { from: number; to: number; bucketMs: number }
  /**
   * The most frequent values of each name: source, service, level, stream, kind, logger, run, session, or a field as in the query
   * language (`user.id`; `fields.level` for a field that is called like one of these).
   */
  facets?: string[]
  /** Values per facet, default 10. */
  facetLimit?: number
  /** Number of the most frequent templates: messages without their variables, see template.ts. */
  templates?: number
  /** The names of fields, as the query language takes them: at most 1,000, none longer than 256 characters. */
  fields?: boolean
}

export const maxBuckets = 2000
/** Values of a facet, templates. */
export const maxRanking = 1000
/** Records on each side of the one looked around. */
export const maxContext = 1000

/** Made from the newest record to the oldest; what has been looked at so far is complete in itself. */
export interface Summary {
  /** Matching records. */
  count: number
  /** All matching records down to and including this id have been counted. */
  through: number
  /** False for a summary that still grows. */
  done: boolean
  histogram?: Histogram
  /** In the order asked for. */
  facets?: Facet[]
  templates?: Ranking<TemplateCount>
  fields?: Ranking<{ name: string }>
}

export interface Histogram {
  /** Bucket `i` begins at `from + i * bucketMs`. */
  from: number
  bucketMs: number
  /** Records per bucket. */
  counts: Record<SeverityName, number[]>
  /** Records before the first and after the last bucket. */
  earlier: number
  later: number
}

/** The most frequent items, by count. A record counts once for each different value that it has. */
export interface Ranking<Item> {
  /** `atMost` only where the count may be too low: see `approximate`. */
  top: (Item & { count: number; atMost?: number })[]
  /** The counts of all that is not listed. */
  other: number
  /** How many different there are; absent when they are too many to tell. */
  distinct?: number
  /**
   * Present when there were too many different ones to remember them all, so that the rarest were forgotten now and then:
   * by so much a count may be too low, also that of one which is not listed. Listed ones that may be tell by `atMost`.
   */
  approximate?: number
}

/** Values as text; those longer than 256 characters are not listed, but counted in `other`. */
export interface Facet extends Ranking<{ value: string }> {
  name: string
  /** Records without any value of that name. */
  missing: number
}

export interface TemplateCount {
  /** As `templateId` gives it. */
  id: string
  /** Cut after 1,000 characters. */
  template: string
  /** The id of the newest record; where `atMost` is present, of one of the newer ones. */
  newest: number
}

export interface ContextRequest {
  /** The record to look around. */
  id: number
  /** Number of records before and after it, default 20. */
  before?: number
  after?: number
  /** Records of its source (default), of its run of its source, or of all sources. */
  scope?: 'source' | 'run' | 'all'
}

export interface Context<Made = NamedRecord> {
  /** By ascending id, the one looked around among them. */
  records: Made[]
  /** Whether there is more in that direction. */
  more: { before: boolean; after: boolean }
}

export type ExportFormat = 'ndjson' | 'text' | 'csv'

/** Text that could be typed at a place in a query. */
export interface Suggestion {
  text: string
  kind: 'name' | 'value' | 'keyword'
  detail?: string
}
