// The store: what it has, and removing what is too old or too much.
import type { FastifyInstance } from 'fastify'
import type { ServedHub } from '../hub-interface.ts'
import { storeFor } from '../status-for.ts'
import { serveRoute } from '../serve-route.ts'

export function addStoreRoutes(app: FastifyInstance, { storage, retention }: ServedHub): void {
  serveRoute(app, 'store', async (_asked, _reply, { caller }) =>
    storeFor(caller, { ...(await storage.info()), retention }),
  )
  serveRoute(app, 'retain', (request) => storage.retain(request))
}
