// The hub itself: what it is, which services it is to pass over, and ending it.
import type { FastifyInstance } from 'fastify'
import type { ServedHub } from '../hub-interface.ts'
import { statusFor } from '../status-for.ts'
import { serveRoute } from '../serve-route.ts'

export function addHubRoutes(app: FastifyInstance, hub: ServedHub): void {
  serveRoute(app, 'hub', (_asked, _reply, { caller }) => statusFor(caller, hub.status(), hub.jobs).hub)

  serveRoute(app, 'services', () => ({ services: hub.settings.services() }))
  serveRoute(app, 'setService', async ({ name, ...change }) => {
    await hub.settings.setService(name, change)
    return { services: hub.settings.services() }
  })

  serveRoute(app, 'shutdown', (options, reply) => {
    // The hub closes this server, too: only when the answer is out.
    reply.raw.once('close', () => void hub.close(options))
    return reply.code(202).header('connection', 'close').send({ closing: true })
  })
}
