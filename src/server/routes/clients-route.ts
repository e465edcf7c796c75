// The clients that streams are given to, in figures.
import type { FastifyInstance } from 'fastify'
import type { Feed } from '../../live/feed.ts'
import { serveRoute } from '../serve-route.ts'

export function addClientsRoute(app: FastifyInstance, { followers }: Feed): void {
  serveRoute(app, 'clients', () => followers.view())
}
