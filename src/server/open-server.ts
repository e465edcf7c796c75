// The server's assembly: one HTTP server for pages, API, event streams and WebSockets, on a loopback address unless there are users.
import type { IncomingMessage, RequestListener } from 'node:http'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { SearchRequest } from '../contracts/request.ts'
import type { Storage } from '../contracts/storage.ts'
import { openFeed, type Feed } from '../live/feed.ts'
import { seesRun } from '../query/match/sees-run.ts'
import { resolveJobs } from '../query/verbs/job.ts'
import { openToNetwork } from '../access/open-to-network.ts'
import { isLoopback } from '../system/loopback.ts'
import { openFilesLimit } from '../system/open-files.ts'
import { routes } from '../wire/routes.ts'
import { admit, admitHandshake } from './admit.ts'
import { openAuditFloods, type AuditFloods } from './audit-floods.ts'
import { addAccessRoutes } from './routes/access-routes.ts'
import { addClientsRoute } from './routes/clients-route.ts'
import { addCompleteRoute } from './routes/complete-route.ts'
import { addContextRoute } from './routes/context-route.ts'
import { addDashboard, isForDashboard } from './dashboard.ts'
import { nothingAt, openAnswers, type AnswerOf } from './errors.ts'
import { addExportRoute } from './routes/export-route.ts'
import { addFollowSse } from './live/follow-sse.ts'
import { dialectPaths, openStreaming, type StreamSettings } from './live/open-streaming.ts'
import { openOrigins } from './origins.ts'
import { serveFollow } from './live/follow-websocket.ts'
import { foreignSite, hostNames, isFollowedLink, isForeign } from './guard.ts'
import type { AuditEntry, ServedHub } from './hub-interface.ts'
import { addHealthRoutes } from './routes/health-routes.ts'
import { addHubRoutes } from './routes/hub-routes.ts'
import { addIngestRoute } from './routes/ingest-route.ts'
import { addJobIntakeRoutes } from './routes/job-intake-routes.ts'
import { openByteRoom, type ByteRoom } from './bounds/byte-room.ts'
import {
  defaultMaxConnections,
  ingestAskMs,
  ingestBeginningBytes,
  ingestUnderWayBytes,
  jobLinesUnderWayBytes,
  maxAgentBytes,
  maxJobBytes,
  maxRequestBytes,
  streamShare,
  surplusConnections,
} from './bounds/limits.ts'
import type { Certificate, TlsFiles } from './open-certificate.ts'
import { openDoors, type Door } from './open-doors.ts'
import { openHttp } from './open-http.ts'
import { addRunRoutes } from './routes/run-routes.ts'
import { addSearchRoute } from './routes/search-route.ts'
import { openSearchTurns } from './bounds/search-turns.ts'
import { addSignInPage, isForSignIn } from './routes/sign-in-routes.ts'
import { addSourceRoutes } from './routes/source-routes.ts'
import { serveAgent } from './live/agent-websocket.ts'
import { addHostsRoute } from './routes/hosts-route.ts'
import { serveOrchestrator } from './live/orchestrator-websocket.ts'
import type { SocketHandler } from './live/served-socket.ts'
import { openStatusFeed } from './live/status-websocket.ts'
import { addStoreRoutes } from './routes/store-routes.ts'
import { openStreams } from './bounds/streams.ts'
import { addSummaryRoute } from './routes/summary-route.ts'
import { openUpgrades } from './upgrades.ts'

export interface ServerOptions {
  /** A name or address to listen at, default 127.0.0.1; any but those of loopback need users. */
  host?: string
  /** Names by which the hub is reached besides those of loopback: `logs.example.org`. */
  hosts?: readonly string[]
  tls?: TlsFiles
  /** 0 for any free one. Absent: 7420, or the next that is free. */
  port?: number
  /** At once, at most; fewer where the system allows few open files. Default: 1000. */
  maxConnections?: number
  /** Pages of these may open streams. */
  origins?: readonly string[]
  /** Differences from the defaults. */
  streaming?: Partial<StreamSettings>
  /** Directory of the built dashboard; default: in this package. */
  dashboardDirectory?: string
}

export interface RunningServer {
  /** For people, `http://127.0.0.1:7420`, without a slash at the end. */
  url: string
  /** For programs of this machine. */
  localUrl: string
  /** Ends all streams and connections; takes a fraction of a second at most. */
  close(): Promise<void>
}

/** Throws `open-to-network` for an address that others could reach, `address-in-use` for a port asked for and taken. */
export async function openServer(hub: ServedHub, options: ServerOptions = {}): Promise<RunningServer> {
  const { host = '127.0.0.1', hosts = [], maxConnections = defaultMaxConnections, dashboardDirectory } = options
  if (!isLoopback(host) && hub.access.isOpen()) throw openToNetwork(host)

  const names = hostNames(hosts, !isLoopback(host))
  const answerOf = openAnswers(hub.report)
  const origins = openOrigins(options.origins ?? [], new Set([routes.follow.path, ...dialectPaths]))
  const answerError = (error: unknown, reply: FastifyReply): FastifyReply => {
    const { status, headers, body } = answerOf(error)
    return reply.code(status).headers(headers).send(body)
  }
  const app = fastify({
    logger: false,
    bodyLimit: maxRequestBytes,
    schemaController: { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } },
    frameworkErrors: (error, _request, reply) => void answerError(error, reply),
  })
  // A body is JSON, and said to be.
  app.removeContentTypeParser('text/plain')
  const floods = openAuditFloods(hub.audit)
  const refused = openRefusals(hub.access, floods)
  decorate(app, hub, { floods, refused })
  // Decided by the route that was found, so that it does not matter how its path is written.
  app.addHook('onRequest', (request, _reply, done) => {
    const isPage = isForDashboard(request) || isForSignIn(request)
    const mayRead = origins.listed(request.raw) !== undefined || (isPage && isFollowedLink(request.headers))
    if (isForeign(request.headers) && !mayRead) throw foreignSite()
    const { who } = request.routeOptions.config
    if (who !== undefined && who !== 'anyone') request.caller = admit(hub.access, request.headers, who)
    done()
  })
  app.setErrorHandler((error, _request, reply) => answerError(error, reply))
  const connectionLimit = Math.max(1, Math.min(maxConnections, Math.floor(openFilesLimit() / 2) - surplusConnections))
  const resolve = resolving(hub.jobs)
  const storage = withResolvedQueries(hub.storage, resolve)
  const { maxMemoryLogs: memoryLogs, shown } = options.streaming ?? {}
  const feed = openFeed(storage, { memoryLogs, resolve, shown, warn: hub.warn })
  const streams = openStreams(Math.ceil(connectionLimit * streamShare), feed.unread.letGoOne)
  const bodies = intakeRoom(ingestUnderWayBytes)
  const lines = intakeRoom(jobLinesUnderWayBytes)
  addQuestions(app, { ...hub, storage }, { answerOf, room: bodies, floods })
  addClientsRoute(app, feed)
  addHostsRoute(app, hub)
  const endStreams = addFollowSse(app, { feed, streams, answerOf, access: hub.access })
  for (const path of ['/api', '/api/*', '/ws', '/ws/*']) app.all(path, nothingThere)
  addSignInPage(app)
  // A scope of its own, whose errors are told in its own way.
  await app.register((scope) => addDashboard(scope, dashboardDirectory))
  await app.ready()

  const streaming = openStreaming(hub, { feed, streams, jobs: hub.jobs, settings: options.streaming })
  const { socketIo } = streaming
  const serve: RequestListener = (request, response) => {
    if (!socketIo.isFor(request)) return app.routing(request, response)
    if (isForeign(request.headers) && origins.listed(request) === undefined) throw foreignSite()
    admitHandshake(hub.access, request.headers)
    socketIo.request(request, response)
  }
  const status = openStatusFeed(hub)
  const openDoor = (certificate?: Certificate): Door => {
    const { http, connections } = openHttp(serve, { answerOf, refused, connectionLimit, names, origins, certificate })
    const upgrades = openUpgrades(http, {
      connections,
      streams,
      answerOf,
      refused,
      access: hub.access,
      names,
      origins,
      socketIo,
      handlers: { ...handlersOf(hub, { feed, status, bodies, lines, floods }), ...streaming.handlers },
      parameterPaths: dialectPaths,
      largeMessages: { [routes.orchestrator.path]: maxJobBytes, [routes.agent.path]: maxAgentBytes },
    })
    return { http, upgrades }
  }
  const doors = await openDoors(openDoor, { ...options, host, hosts, failed: hub.report }).catch(
    async (error: unknown) => {
      await app.close()
      throw error
    },
  )
  return {
    url: doors.url,
    localUrl: doors.localUrl,
    async close() {
      await doors.close(() => {
        status.close()
        streaming.close()
        endStreams()
      })
      floods.close()
      await app.close()
    },
  }
}

/** WebSockets of our own, by path; those of dialects come to them. */
function handlersOf(
  hub: ServedHub,
  {
    feed,
    status,
    ...rooms
  }: { feed: Feed; status: ReturnType<typeof openStatusFeed>; bodies: ByteRoom; lines: ByteRoom; floods: AuditFloods },
): Record<string, SocketHandler> {
  return {
    [routes.followSocket.path]: (served) => serveFollow(served, feed),
    [routes.status.path]: ({ socket, caller }) => status.serve(socket, caller),
    [routes.orchestrator.path]: (served) => serveOrchestrator(served, hub, rooms),
    [routes.agent.path]: (served) => serveAgent(served, hub),
  }
}

/** Requests get a caller, and the audit log what is refused. */
function decorate(
  app: FastifyInstance,
  hub: ServedHub,
  { floods, refused }: { floods: AuditFloods; refused: ReturnType<typeof openRefusals> },
): void {
  app.decorate('audit', (entry: AuditEntry) => (entry.error === undefined ? hub.audit : floods.tell)(entry))
  app.decorateRequest('caller')
  app.decorateRequest('isAudited', false)
  app.addHook('onResponse', (request, { statusCode }, done) => {
    if (statusCode === 403 && !request.isAudited) refused(request.raw, request.routeOptions.url ?? '')
    done()
  })
}

function intakeRoom(limitBytes: number): ByteRoom {
  return openByteRoom({ limitBytes, freeBytes: ingestBeginningBytes, askMs: ingestAskMs })
}

/** Gives what tells the audit log of a request that was refused. */
function openRefusals(
  access: ServedHub['access'],
  floods: AuditFloods,
): (request: IncomingMessage, path: string) => void {
  return (request, path) => {
    const who = access.isOpen() ? 'somebody' : (access.identify(request.headers)?.name ?? 'somebody')
    floods.refused(who, { route: `${request.method} ${path}`, peer: request.socket.remoteAddress })
  }
}

/** Jobs that the asker may not see are like those that nobody has registered. */
function resolving(jobs: ServedHub['jobs']): Feed['resolve'] {
  return (query, within) =>
    resolveJobs(query, (jobId) => {
      const job = jobs.find(jobId)
      return job && seesRun(within, job) ? job : undefined
    })
}

/** The routes that are asked and answered; streams are not. */
function addQuestions(
  app: FastifyInstance,
  hub: ServedHub,
  { answerOf, room, floods }: { answerOf: AnswerOf; room: ByteRoom; floods: AuditFloods },
): void {
  const takeTurn = openSearchTurns()
  addHealthRoutes(app, hub.storage)
  addHubRoutes(app, hub)
  addAccessRoutes(app, hub)
  addSourceRoutes(app, hub, answerOf)
  addStoreRoutes(app, hub)
  addSearchRoute(app, hub.storage, takeTurn)
  addSummaryRoute(app, { storage: hub.storage, takeTurn, answerOf })
  addContextRoute(app, hub.storage, takeTurn)
  addCompleteRoute(app, hub, takeTurn)
  addExportRoute(app, hub, takeTurn)
  addIngestRoute(app, hub, { answerOf, room })
  addRunRoutes(app, hub, takeTurn)
  addJobIntakeRoutes(app, hub, { answerOf, takeTurn, room, floods })
}

/** Questions in words that only a hub knows, answered by a storage that knows records. */
function withResolvedQueries(storage: Storage, resolve: Feed['resolve']): Storage {
  const resolved = <Request extends Pick<SearchRequest, 'query' | 'within'>>(request: Request): Request =>
    request.query === undefined ? request : { ...request, query: resolve(request.query, request.within) }
  return {
    ...storage,
    search: (request, signal) => storage.search(resolved(request), signal),
    summarize: (request, signal) => storage.summarize(resolved(request), signal),
  }
}

/** In place of fastify's schema compilers, which cost memory and start time even where, as here, no route has a schema. */
function refuseSchema(): never {
  throw new Error('A route must not have a schema: requests are checked in serve-route.ts')
}

function nothingThere({ method, url }: FastifyRequest): never {
  throw nothingAt(method, url.split('?', 1)[0]!)
}
