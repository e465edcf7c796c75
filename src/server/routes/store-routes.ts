// The store: what it has, and removing what is too old or too much.
import type { FastifyInstance } from 'fastify'
import type { StoreView } from '../../wire/hub-view.ts'
import type { ServedHub } from '../hub-interface.ts'
import { parseRetain } from '../request-shapes.ts'

export function addStoreRoutes(app: FastifyInstance, { storage, retention }: ServedHub): void {
  app.get('/api/v1/store', async (): Promise<StoreView> => ({ ...(await storage.info()), retention }))
  app.post('/api/v1/store/retain', (request) => storage.retain(parseRetain(request.body)))
}
