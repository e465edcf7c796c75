// A hub's API as functions.
import type { CallerView, TokenRequest, TokenView, UserRequest, UserView } from '../contracts/access.ts'
import type { HostView } from '../contracts/hosts/host.ts'
import { LogboomError } from '../contracts/errors.ts'
import { parseJson } from '../json/parse-json.ts'
import type { Context, ContextRequest, Summary } from '../contracts/request.ts'
import type { Retention, RetentionReport } from '../contracts/retention.ts'
import type { ControlAction } from '../contracts/source.ts'
import type { ProcessView } from '../contracts/source-status.ts'
import type { ClientsView } from '../wire/client-view.ts'
import type { FollowRequest } from '../wire/follow-frame.ts'
import type {
  ControlRequest,
  ControlResult,
  ErrorBody,
  HubInfo,
  LevelChange,
  ScaleRequest,
  ServiceChange,
  ServiceView,
  SourceView,
  StoreView,
} from '../wire/hub-view.ts'
import type {
  Answers,
  ExportParameters,
  RetainParameters,
  RetentionParameters,
  SearchAnswer,
  SearchParameters,
  SummaryParameters,
} from '../wire/route-types.ts'
import type { RunList, RunListParameters, SessionList } from '../wire/run-view.ts'
import { pathOf, routes, type RouteName } from '../wire/routes.ts'
import { openClientFollow, type FollowHandlers } from './follow.ts'
import type { Subscription } from './lasting-socket.ts'
import { brokenOff, readLines } from './read-lines.ts'
import { receivedError } from './received-error.ts'
import { openClientStatus, type StatusHandlers } from './status.ts'

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
  /** Changes the least level that is shown, or captured, of a source; `*`: of all without one of their own. Gives those. */
  setLevel(name: string, change: LevelChange): Promise<SourceView[]>
  /** Services of which nothing is shown, or captured. */
  services(): Promise<ServiceView[]>
  /** Switches them; gives those that are off then. */
  setService(name: string, change: ServiceChange): Promise<ServiceView[]>
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
  /** Address of the same, for a link of a page. */
  exportUrl(parameters?: ExportParameters): string
  follow(request: FollowRequest, handlers: FollowHandlers): Subscription
  status(handlers: StatusHandlers): Subscription
  /** Followers in figures, whatever dialect they speak. */
  clients(): Promise<ClientsView>
  /** Hosts whose agents hand in records. */
  hosts(): Promise<HostView[]>
  /** The store in figures, and how long it keeps records. */
  store(): Promise<StoreView>
  /** Removes what is too old or too much: by the rules in force, or by these alone. */
  retain(parameters?: RetainParameters): Promise<RetentionReport>
  /** Changes the rules in force; gives them. */
  setRetention(parameters: RetentionParameters): Promise<Retention>
  /** Jobs of orchestrators and schedules, newest first. */
  jobs(parameters?: RunListParameters): Promise<RunList>
  /** Runs of all sources, newest first. */
  runs(parameters?: RunListParameters): Promise<RunList>
  /** Lives of the hub, newest first. */
  sessions(parameters?: RunListParameters): Promise<SessionList>
  /** The caller, and what they may. */
  me(): Promise<CallerView>
  users(): Promise<UserView[]>
  addUser(user: UserRequest & { password?: string }): Promise<UserView>
  /** Changes what is given. */
  changeUser(user: UserRequest & { password?: string }): Promise<UserView>
  removeUser(name: string): Promise<void>
  /** Ends all sessions of this user. */
  endSessions(name: string): Promise<void>
  /** A link that signs this user in once. */
  addLink(name: string): Promise<Answers['addLink']>
  tokens(): Promise<TokenView[]>
  /** `lifetime`: `30d`; absent: it does not expire. */
  addToken(request: Omit<TokenRequest, 'lifetimeMs'> & { lifetime?: string }): Promise<Answers['addToken']>
  revokeToken(name: string): Promise<void>
  /** Of the user of this page's session; all other sessions end. */
  changeOwnPassword(change: { password?: string; newPassword: string }): Promise<void>
  /** Ends the session of this page, or all sessions of its user. */
  signOut(options?: { everywhere?: boolean }): Promise<void>
  /** `keep` leaves the processes running for the next hub. */
  shutdown(options?: { keep?: boolean }): Promise<void>
}

/** Connections that are closed under a request, as Node tells it; a browser asks again by itself. */
const closedCodes = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']

interface Asked {
  /** In the path. */
  values?: Record<string, string>
  query?: URLSearchParams
  body?: object
  signal?: AbortSignal | undefined
}

export interface ConnectOptions {
  /** Sent as a Bearer with every request. Browsers cannot send one with a WebSocket: their pages sign in. */
  token?: string | undefined
}

/** `url`: where the hub is, `http://127.0.0.1:7420`; behind a proxy with its path, `https://example.org/logs`. */
export function connect(url: string, { token }: ConnectOptions = {}): Client {
  const base = url.replace(/\/+$/, '')
  const bearer: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const socketUrl = (name: RouteName) => `${base.replace(/^http/, 'ws')}${pathOf(name)}`

  async function open(name: RouteName, { values, query, body, signal }: Asked = {}): Promise<Response> {
    const path = pathOf(name, values) + (query ? `?${query}` : '')
    const { method } = routes[name]
    const headers = { ...bearer, ...(body ? { 'content-type': 'application/json' } : {}) }
    const init: RequestInit = {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    }
    const response = await fetch(base + path, init)
      // The hub may close a quiet connection in the moment in which it is used again.
      .catch((error: unknown) =>
        method === 'GET' && isClosed(error) ? fetch(base + path, init) : Promise.reject(error),
      )
      .catch((cause: unknown) => {
        if (signal?.aborted) throw cause
        throw new LogboomError('not-running', `Nothing answers at ${base}.`, { cause })
      })
    if (response.ok) return response
    const answer: unknown = await response.json().catch(() => undefined)
    const { error } = (answer ?? {}) as { error?: ErrorBody }
    if (error) throw receivedError(error)
    throw new LogboomError('internal', `${base}${path} answered with status ${response.status}.`)
  }

  async function ask<Name extends keyof Answers>(name: Name, asked?: Asked): Promise<Answers[Name]> {
    return parseJson(await (await open(name, asked)).text()) as Answers[Name]
  }

  return {
    hub: () => ask('hub'),
    sources: async () => (await ask('sources')).sources,
    processes: async (name) => (await ask('processes', { values: { name } })).processes,
    control: async (name, action) => (await ask('control', { values: { name, action } })).source,
    controlMany: async (body) => (await ask('controlMany', { body })).results,
    scale: async (body) => (await ask('scale', { body })).results,
    setLevel: async (name, body) => (await ask('setLevel', { values: { name }, body })).sources,
    services: async () => (await ask('services')).services,
    setService: async (name, body) => (await ask('setService', { values: { name }, body })).services,
    search: (parameters = {}, { signal } = {}) => ask('search', { query: asText(parameters), signal }),
    async summary({ histogram, facets, ...parameters } = {}, { signal, progress } = {}) {
      const query = asText({ ...parameters, ...histogram, progress: progress ? true : undefined })
      for (const name of facets ?? []) query.append('facets', name)
      if (!progress) return ask('summary', { query, signal })
      const { body } = await open('summary', { query, signal })
      for await (const line of readLines(body!)) {
        const summary = JSON.parse(line) as Summary & { error?: ErrorBody }
        if (summary.error) throw receivedError(summary.error)
        if (summary.done) return summary
        progress(summary)
      }
      throw brokenOff()
    },
    context: (request, { signal } = {}) => ask('context', { query: asText(request), signal }),
    export: async (parameters = {}, { signal } = {}) =>
      (await open('export', { query: asText(parameters), signal })).body!,
    exportUrl: (parameters = {}) => `${base}${pathOf('export')}?${asText(parameters)}`,
    follow: (request, handlers) =>
      openClientFollow({ url: socketUrl('followSocket'), headers: bearer }, request, handlers),
    status: (handlers) => openClientStatus({ url: socketUrl('status'), headers: bearer }, handlers),
    clients: () => ask('clients'),
    hosts: async () => (await ask('hosts')).hosts,
    store: () => ask('store'),
    retain: (body = {}) => ask('retain', { body }),
    setRetention: async (body) => (await ask('setRetention', { body })).retention,
    jobs: (parameters = {}) => ask('jobs', { query: asText(parameters) }),
    runs: (parameters = {}) => ask('runs', { query: asText(parameters) }),
    sessions: (parameters = {}) => ask('sessions', { query: asText(parameters) }),
    me: () => ask('me'),
    users: async () => (await ask('users')).users,
    addUser: async (body) => (await ask('addUser', { body })).user,
    changeUser: async (body) => (await ask('changeUser', { body })).user,
    removeUser: async (name) => void (await ask('removeUser', { body: { name } })),
    endSessions: async (name) => void (await ask('endSessions', { body: { name } })),
    addLink: (name) => ask('addLink', { body: { name } }),
    tokens: async () => (await ask('tokens')).tokens,
    addToken: (body) => ask('addToken', { body }),
    revokeToken: async (name) => void (await ask('revokeToken', { body: { name } })),
    changeOwnPassword: async (body) => void (await ask('changeOwnPassword', { body })),
    signOut: async ({ everywhere = false } = {}) => void (await ask('signOut', { body: { everywhere } })),
    async shutdown({ keep = false } = {}) {
      await ask('shutdown', { body: { keep } })
    },
  }
}

/** The connection was closed before anything of an answer came. */
function isClosed(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as { code?: string }
  return closedCodes.includes(code ?? '')
}

function asText(parameters: object): URLSearchParams {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined)
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
}
