// The store: what it has, how long it keeps that, and removing what is too old or too much.
import type { FastifyInstance } from 'fastify'
import type { ServedHub } from '../hub-interface.ts'
import { storeFor } from '../status-for.ts'
import { serveRoute } from '../serve-route.ts'

export function addStoreRoutes(app: FastifyInstance, { storage, settings }: ServedHub): void {
  serveRoute(app, 'store', async (_asked, _reply, { caller }) =>
    storeFor(caller, { ...(await storage.info()), retention: settings.retention() }),
  )
  serveRoute(app, 'retain', (request) => storage.retain(request))
  serveRoute(app, 'setRetention', async (change) => {
    await settings.setRetention(change)
    return { retention: settings.retention() }
  })
}
