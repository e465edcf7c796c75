// Puts a handler behind a route of the table: it gets its request checked.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { LogboomError } from '../contracts/errors.ts'
import { requestShapes, type Requests } from '../wire/request-shapes.ts'
import type { Answers } from '../wire/route-types.ts'
import { routes, type RouteName } from '../wire/routes.ts'

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
  const { method, path } = routes[name]
  if (method === 'WebSocket') throw new Error(`${path} is no route of HTTP`)
  const valueOf = ({ params, query, body }: FastifyRequest): unknown =>
    path.includes(':') ? params : method === 'GET' || name === 'ingest' ? query : (body ?? {})
  app.route({
    method,
    url: path,
    exposeHeadRoute: method === 'GET' && !isLong,
    handler: (request, reply) => handle(asked(name, valueOf(request)), reply, request),
  })
}

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
