// Puts a handler behind a route of the table: it gets its request checked.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Caller } from '../contracts/caller.ts'
import { LogboomError } from '../contracts/errors.ts'
import { requestShapes, type Requests } from '../wire/request-shapes.ts'
import type { Answers } from '../wire/route-types.ts'
import { routes, type Route, type RouteName } from '../wire/routes.ts'
import type { AuditEntry } from './hub-interface.ts'

declare module 'fastify' {
  interface FastifyInstance {
    audit(entry: AuditEntry): void
  }
  interface FastifyRequest {
    /** Known once the route is. */
    caller: Caller
  }
  interface FastifyContextConfig {
    /** Absent: no route of the table, so nobody's in particular. */
    who?: Route['who']
  }
}

type Asked<Name> = Name extends keyof Requests ? Requests[Name] : undefined
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
  const valueOf = ({ params, query, body }: FastifyRequest): unknown =>
    path.includes(':') ? params : method === 'GET' || name === 'ingest' ? query : (body ?? {})
  app.route({
    method,
    url: path,
    exposeHeadRoute: method === 'GET' && !isLong,
    config: { who },
    async handler(request, reply) {
      const given = asked(name, valueOf(request))
      if (audit === undefined) return handle(given, reply, request)
      const { remoteAddress: peer } = request.socket
      const entry = { action: audit, metadata: { ...withoutSecrets(given), peer } }
      const whoIn = (): string => request.caller?.name ?? nameIn(given)
      try {
        const answer = handle(given, reply, request)
        // A reply is over when it has been read, and a hub that ends tells of it before.
        if (answer !== reply) await answer
        app.audit({ ...entry, who: whoIn() })
        return await answer
      } catch (error) {
        // Whoever is sent away unheard must not fill the log.
        if ((error as { code?: unknown }).code !== 'too-often') app.audit({ ...entry, who: whoIn(), error })
        throw error
      }
    },
  })
}

/** Whoever tries to sign in says who that would be. */
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

const secretKeys: ReadonlySet<string> = new Set(['password', 'link'])

function asked<Name extends RouteName>(name: Name, value: unknown): Asked<Name> {
  return (isShaped(name) ? parseRequest(name, value) : undefined) as Asked<Name>
}

const isShaped = (name: RouteName): name is keyof Requests => Object.hasOwn(requestShapes, name)

const shapes = new Map<RouteName, z.ZodType>()

/** Throws `request-invalid` naming the place, or `query-invalid`. */
export function parseRequest<Name extends keyof Requests>(name: Name, value: unknown): Requests[Name] {
  const shape = shapes.get(name) ?? requestShapes[name](z)
  shapes.set(name, shape)
  const result = shape.safeParse(value)
  if (result.success) return result.data as Requests[Name]
  const problems = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  )
  throw new LogboomError('request-invalid', problems.join('; '))
}
