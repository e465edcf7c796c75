// A hub's API as functions.
import { LogboomError } from '../contracts/errors.ts'
import { parseJson } from '../json/parse-json.ts'
import type {
  Context,
  ContextRequest,
  ExportFormat,
  IdOrder,
  SearchOrder,
  Summary,
  SummaryRequest,
} from '../contracts/request.ts'
import type { LogRecord } from '../contracts/record.ts'
import type { RetentionReport } from '../contracts/retention.ts'
import type { ControlAction } from '../contracts/source.ts'
import type { ProcessView } from '../contracts/source-status.ts'
import type { FollowRequest } from '../wire/follow-frame.ts'
import type {
  ControlRequest,
  ControlResult,
  ErrorBody,
  HubInfo,
  ScaleRequest,
  SourceView,
  StoreView,
} from '../wire/hub-view.ts'
import { openClientFollow, type FollowHandlers } from './follow.ts'
import type { Subscription } from './lasting-socket.ts'
import { brokenOff, readLines } from './read-lines.ts'
import { receivedError } from './received-error.ts'
import { openClientStatus, type StatusHandlers } from './status.ts'

export interface RangeParameters {
  /** In the query language. */
  query?: string
  /** Only greater ids. */
  after?: number
  /** Only smaller ids. */
  before?: number
  /** Unix milliseconds, or as people say it: `15m`. */
  since?: number | string
  until?: number | string
}

export interface SearchParameters extends RangeParameters {
  /** By id `newest` (default) or `oldest` first, or by event time `latest` or `earliest` first. */
  order?: SearchOrder
  /** In the order of time, to go on: `past` of the answer before. */
  past?: string
  /** 1 to 10,000, default 200. */
  limit?: number
}

export type SummaryParameters = RangeParameters & Omit<SummaryRequest, keyof RangeParameters>

export interface ExportParameters extends RangeParameters {
  /** Default: `ndjson`. */
  format?: ExportFormat
  /** Default: oldest first. */
  order?: IdOrder
  limit?: number
  /** Times in text in UTC instead of the hub's time zone. */
  utc?: boolean
}

export interface RetainParameters {
  /** Older records go, whole days of them: `7d`. */
  age?: string
  /** The oldest go until no more is left: `1GB`. */
  size?: string
  /** Only of sources whose name matches: `api*`. */
  source?: string
  /** Only tell what would go. */
  dryRun?: boolean
}

export interface SearchAnswer {
  records: LogRecord[]
  /** To go on: the next `before` (newest first) or `after` (oldest first). By time, the greatest id looked at. */
  cursor: number
  /** By time, when there is more: where to go on. */
  past?: string
  /** True when there is more in that direction. */
  more: boolean
}

/** Every function rejects with LogboomError; `not-running` when nothing answers. */
export interface Client {
  hub(): Promise<HubInfo>
  sources(): Promise<SourceView[]>
  /** All processes that belong to a source, oldest first. */
  processes(name: string): Promise<ProcessView[]>
  control(name: string, action: ControlAction): Promise<SourceView>
  /** Several, in the order in which they wait for each other; rejects, having done nothing, where a target means none. */
  controlMany(request: ControlRequest): Promise<ControlResult[]>
  /** Changes how many instances run; gives those that came or went. */
  scale(request: ScaleRequest): Promise<ControlResult[]>
  search(parameters?: SearchParameters, options?: { signal?: AbortSignal }): Promise<SearchAnswer>
  /** `progress` is given what has been counted so far, about every 100 ms. */
  summary(
    parameters?: SummaryParameters,
    options?: { signal?: AbortSignal; progress?: (summary: Summary) => void },
  ): Promise<Summary>
  /** Rejects with `not-found` when there is no such record. */
  context(request: ContextRequest, options?: { signal?: AbortSignal }): Promise<Context>
  /** Any number of records as bytes; the hub goes on only as these are read. It errors when it breaks off. */
  export(parameters?: ExportParameters, options?: { signal?: AbortSignal }): Promise<ReadableStream<Uint8Array>>
  follow(request: FollowRequest, handlers: FollowHandlers): Subscription
  status(handlers: StatusHandlers): Subscription
  /** The store in figures, and how long it keeps records. */
  store(): Promise<StoreView>
  /** Removes what is too old or too much: by the rules in force, or by these alone. */
  retain(parameters?: RetainParameters): Promise<RetentionReport>
  /** `keep` leaves the processes running for the next hub. */
  shutdown(options?: { keep?: boolean }): Promise<void>
}

/** `url`: where the hub is, `http://127.0.0.1:7420`; a page served by the hub gives `location.origin`. */
export function connect(url: string): Client {
  const base = url.replace(/\/+$/, '')
  const socketUrl = (path: string) => `${base.replace(/^http/, 'ws')}${path}`

  async function open(path: string, init?: RequestInit): Promise<Response> {
    let response: Response
    try {
      response = await fetch(base + path, init)
    } catch (cause) {
      if (init?.signal?.aborted) throw cause
      throw new LogboomError('not-running', `Nothing answers at ${base}.`, { cause })
    }
    if (response.ok) return response
    const answer: unknown = await response.json().catch(() => undefined)
    const { error } = (answer ?? {}) as { error?: ErrorBody }
    if (error) throw receivedError(error)
    throw new LogboomError('internal', `${base}${path} answered with status ${response.status}.`)
  }

  async function ask<Answer>(path: string, init?: RequestInit): Promise<Answer> {
    return parseJson(await (await open(path, init)).text()) as Answer
  }

  return {
    hub: () => ask<HubInfo>('/api/v1/hub'),
    sources: async () => (await ask<{ sources: SourceView[] }>('/api/v1/sources')).sources,
    async processes(name) {
      const path = `/api/v1/sources/${encodeURIComponent(name)}/processes`
      return (await ask<{ processes: ProcessView[] }>(path)).processes
    },
    async control(name, action) {
      const path = `/api/v1/sources/${encodeURIComponent(name)}/${action}`
      return (await ask<{ source: SourceView }>(path, { method: 'POST' })).source
    },
    controlMany: async (request) =>
      (await ask<{ results: ControlResult[] }>('/api/v1/control', asJson(request))).results,
    scale: async (request) => (await ask<{ results: ControlResult[] }>('/api/v1/scale', asJson(request))).results,
    search: (parameters = {}, { signal } = {}) => ask(`/api/v1/search?${asText(parameters)}`, signal ? { signal } : {}),
    async summary({ histogram, facets, ...parameters } = {}, { signal, progress } = {}) {
      const text = asText({ ...parameters, ...histogram, progress: progress ? true : undefined })
      for (const name of facets ?? []) text.append('facets', name)
      const path = `/api/v1/summary?${text}`
      if (!progress) return ask<Summary>(path, signal ? { signal } : {})
      const { body } = await open(path, signal ? { signal } : {})
      for await (const line of readLines(body!)) {
        const summary = JSON.parse(line) as Summary & { error?: ErrorBody }
        if (summary.error) throw receivedError(summary.error)
        if (summary.done) return summary
        progress(summary)
      }
      throw brokenOff()
    },
    context: (request, { signal } = {}) => ask(`/api/v1/context?${asText(request)}`, signal ? { signal } : {}),
    async export(parameters = {}, { signal } = {}) {
      return (await open(`/api/v1/export?${asText(parameters)}`, signal ? { signal } : {})).body!
    },
    follow: (request, handlers) => openClientFollow(socketUrl('/api/v1/follow'), request, handlers),
    status: (handlers) => openClientStatus(socketUrl('/api/v1/status'), handlers),
    store: () => ask<StoreView>('/api/v1/store'),
    retain: (parameters = {}) => ask<RetentionReport>('/api/v1/store/retain', asJson(parameters)),
    async shutdown({ keep = false } = {}) {
      await ask('/api/v1/shutdown', asJson({ keep }))
    },
  }
}

function asJson(body: object): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

function asText(parameters: object): URLSearchParams {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined)
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
}
