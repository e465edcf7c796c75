// Health for load balancers, container engines and people's scripts. Whoever asks need not sign in, and is told nothing else.
import type { FastifyInstance } from 'fastify'
import type { Storage } from '../../contracts/storage.ts'
import { openHealth } from '../../storage/open-health.ts'
import { serveRoute } from '../serve-route.ts'

/** Words of the answer when it is not ready. */
const reasons = { unwritable: 'store-unwritable', silent: 'storage-silent' } as const

export function addHealthRoutes(app: FastifyInstance, storage: Pick<Storage, 'isWritable'>): void {
  const health = openHealth(storage)

  serveRoute(app, 'healthz', () => ({ ok: true }))

  serveRoute(app, 'readyz', async (_asked, reply) => {
    const found = await health()
    if (found === 'well') return { ready: true }
    return reply.code(503).send({ ready: false, reason: reasons[found] })
  })
}
