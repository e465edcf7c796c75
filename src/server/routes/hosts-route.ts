// Hosts whose agents hand in records, as far as the caller may see any of their sources.
import type { FastifyInstance } from 'fastify'
import type { ServedHub } from '../hub-interface.ts'
import { serveRoute } from '../serve-route.ts'

export function addHostsRoute(app: FastifyInstance, hub: ServedHub): void {
  serveRoute(app, 'hosts', (_asked, _reply, { caller }) => {
    const sources = [...hub.sources.keys()]
    const isSeen = (host: string): boolean =>
      caller.within === undefined || sources.some((name) => name.startsWith(`${host}/`) && caller.mayRead(name))
    return { hosts: hub.hosts.list().filter(({ name }) => isSeen(name)) }
  })
}
