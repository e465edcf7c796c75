// Puts a handler behind a route of the table: it gets its request checked.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Answers } from '../wire/route-types.ts'
import { routes, type RouteName } from '../wire/routes.ts'
import { repeatable } from '../wire/request-shapes.ts'
import { invalid, parseRequest, refuseParameters, type Asked } from './parse-request.ts'

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
  app.route({
    method,
    url: path,
    exposeHeadRoute: method === 'GET' && !isLong,
    handler: (request, reply) => handle(parseRequest(name, givenTo(name, request)), reply, request),
  })
}

/** Parameters of a request, which stand in one place of it: its path, address or body. Throws `request-invalid` for any elsewhere. */
function givenTo(name: RouteName, { params, query, body = {} }: FastifyRequest): unknown {
  const { method, path } = routes[name]
  const address = query as Record<string, unknown>
  if (path.includes(':')) {
    for (const given of [address, body]) refuseParameters(given)
    return params
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
