// The hub itself: what it is, and ending it.
import type { FastifyInstance } from 'fastify'
import type { ServedHub } from '../hub-interface.ts'
import { parseShutdown } from '../request-shapes.ts'

export function addHubRoutes(app: FastifyInstance, hub: ServedHub): void {
  app.get('/api/v1/hub', () => hub.status().hub)

  app.post('/api/v1/shutdown', (request, reply) => {
    const options = parseShutdown(request.body)
    // The hub closes this server, too: only when the answer is out.
    reply.raw.once('close', () => void hub.close(options))
    return reply.code(202).header('connection', 'close').send({ closing: true })
  })
}
