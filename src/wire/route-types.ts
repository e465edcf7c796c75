// Types of requests, as programs write them, and of answers; by the names of routes.ts.
import type {
  Context,
  ExportFormat,
  IdOrder,
  SearchOrder,
  Suggestion,
  Summary,
  SummaryRequest,
} from '../contracts/request.ts'
import type { CallerView, TokenView, UserView } from '../contracts/access.ts'
import type { NamedRecord } from '../contracts/record.ts'
import type { Retention, RetentionReport } from '../contracts/retention.ts'
import type { ProcessView } from '../contracts/source-status.ts'
import type { IngestAnswer } from '../contracts/storage.ts'
import type { RunList, SessionList } from './run-view.ts'
import type { HostView } from '../contracts/hosts/host.ts'
import type { ClientsView } from './client-view.ts'
import type { ControlResult, HubInfo, ServiceView, SourceView, StoreView } from './hub-view.ts'

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

export interface RetentionParameters {
  /** Older records go: `7d`; `none` for no limit, `default` for what the configuration says. */
  age?: string
  /** The oldest go until no more is left: `1GB`; likewise. */
  size?: string
  /** Of sources whose name matches: `api*`. */
  source?: string
}

export interface SearchAnswer {
  records: NamedRecord[]
  /** To go on: the next `before` (newest first) or `after` (oldest first). By time, the greatest id looked at. */
  cursor: number
  /** By time, when there is more: where to go on. */
  past?: string
  /** True when there is more in that direction. */
  more: boolean
}

export interface Completion {
  /** A suggestion replaces the characters between. */
  from: number
  to: number
  /** `count`: recent records that have it. */
  suggestions: (Suggestion & { count?: number })[]
}

/** Answers that are JSON, by route. */
export interface Answers {
  healthz: { ok: true }
  readyz: { ready: true }
  hub: HubInfo
  shutdown: { closing: true }
  sources: { sources: SourceView[] }
  processes: { processes: ProcessView[] }
  control: { source: SourceView }
  controlMany: { results: ControlResult[] }
  scale: { results: ControlResult[] }
  /** The sources that the change is about, as they are then. */
  setLevel: { sources: SourceView[] }
  services: { services: ServiceView[] }
  setService: { services: ServiceView[] }
  store: StoreView
  clients: ClientsView
  hosts: { hosts: HostView[] }
  retain: RetentionReport
  /** The rules that hold from now on. */
  setRetention: { retention: Retention }
  search: SearchAnswer
  summary: Summary
  context: Context
  complete: Completion
  ingest: IngestAnswer
  jobs: RunList
  runs: RunList
  sessions: SessionList
  me: CallerView
  signIn: { name: string }
  signOut: { signedOut: true }
  changeOwnPassword: { changed: true }
  users: { users: UserView[] }
  addUser: { user: UserView }
  changeUser: { user: UserView }
  removeUser: { removed: string }
  endSessions: { signedOut: string }
  /** To be shown to this user alone: behind a `#`, so that no server and no log sees it. */
  addLink: { url: string; lifetimeMs: number }
  tokens: { tokens: TokenView[] }
  /** The token is told here and never again. */
  addToken: { token: string; view: TokenView }
  revokeToken: { revoked: string }
}
