// Puts a handler behind a route of the table: it gets its request checked, and the audit log hears of it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../contracts/caller.ts'
import type { Answers } from '../wire/route-types.ts'
import { routes, type Route, type RouteName } from '../wire/routes.ts'
import { repeatable } from '../wire/request-shapes.ts'
import type { AuditEntry } from './hub-interface.ts'
import { peerOf } from './proxy/peer.ts'
import { invalid, parseRequest, refuseParameters, type Asked } from './parse-request.ts'

declare module 'fastify' {
  interface FastifyInstance {
    audit(entry: AuditEntry): void
  }
  interface FastifyRequest {
    /** Known once the route is. */
    caller: Caller
    /** The audit log has it, or will. */
    isAudited: boolean
  }
  interface FastifyContextConfig {
    /** Absent: no route of the table, so nobody's in particular. */
    who?: Route['who']
  }
}

/** Answers that are no single JSON value are sent through the reply. */
type Answered<Name> = FastifyReply | (Name extends keyof Answers ? Answers[Name] | undefined : void)

interface ServeOptions {
  /** A HEAD would make the whole answer to throw it away. */
  isLong?: boolean
}

export function serveRoute<Name extends RouteName>(
  app: FastifyInstance,
  name: Name,
  handle: (
    asked: Asked<Name>,
    reply: FastifyReply,
    request: FastifyRequest,
  ) => Answered<Name> | Promise<Answered<Name>>,
  { isLong = false }: ServeOptions = {},
): void {
  const { method, path, who, audit } = routes[name]
  if (method === 'WebSocket') throw new Error(`${path} is no route of HTTP`)
  app.route({
    method,
    url: path,
    exposeHeadRoute: method === 'GET' && !isLong,
    config: { who },
    async handler(request, reply) {
      const given = parseRequest(name, givenTo(name, request))
      if (audit === undefined) return handle(given, reply, request)
      request.isAudited = true
      const entry = { action: audit, metadata: { ...withoutSecrets(given), peer: peerOf(request.raw) } }
      const whoIn = (): string => request.caller?.name ?? nameIn(given)
      try {
        const answer = handle(given, reply, request)
        // A reply is over when it has been read, and a hub that ends tells of it before.
        if (answer !== reply) await answer
        app.audit({ ...entry, who: whoIn() })
        return await answer
      } catch (error) {
        // Attempts that are sent away unheard must not fill the log.
        if ((error as { code?: unknown }).code !== 'too-often') app.audit({ ...entry, who: whoIn(), error })
        throw error
      }
    },
  })
}

/** The name that somebody tries to sign in by. */
function nameIn(given: unknown): string {
  const { name } = (given ?? {}) as { name?: unknown }
  return typeof name === 'string' ? name : 'somebody'
}

/** The request as the audit log may have it. */
function withoutSecrets(given: unknown): Record<string, unknown> {
  if (typeof given !== 'object' || given === null) return {}
  const told = Object.entries(given).filter(([key, value]) => !secretKeys.has(key) && value !== undefined)
  return Object.fromEntries(told)
}

const secretKeys: ReadonlySet<string> = new Set(['password', 'newPassword', 'link'])

/** Parameters of a request, which stand in one place of it: its path, address or body. Throws `request-invalid` for any elsewhere. */
function givenTo(name: RouteName, { params, query, body = {} }: FastifyRequest): unknown {
  const { method, path } = routes[name]
  const address = query as Record<string, unknown>
  if (path.includes(':')) {
    refuseParameters(address)
    if (method !== 'PUT') {
      refuseParameters(body)
      return params
    }
    const twice = Object.keys(params as object).filter((key) => Object.hasOwn(Object(body) as object, key))
    if (twice.length > 0) throw invalid(twice.map((key) => `${key} stands in the path, and not in the body`))
    return { ...(body as object), ...(params as object) }
  }
  if (method === 'GET' || name === 'ingest') {
    const repeated = Object.keys(address).filter((key) => Array.isArray(address[key]) && !repeatable.has(key))
    if (repeated.length > 0) throw invalid(repeated.map((key) => `${key} is given more than once`))
    return address
  }
  const misplaced = Object.keys(address)
  if (misplaced.length > 0)
    throw invalid([`${misplaced.join(', ')} must stand in the body, as JSON, and not in the address`])
  return body
}
