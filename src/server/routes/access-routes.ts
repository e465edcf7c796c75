// Signing in and out, users and tokens over HTTP.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { linkLifetimeMs } from '../../access/accounts.ts'
import { actions } from '../../contracts/caller.ts'
import { formatWithin } from '../../contracts/request.ts'
import type { ServedHub } from '../hub-interface.ts'
import { serveRoute } from '../serve-route.ts'

export function addAccessRoutes(app: FastifyInstance, { access, status }: ServedHub): void {
  serveRoute(app, 'me', (_asked, _reply, { caller }) => {
    const { name, kind, role, within } = caller
    return { name, kind, role, within: formatWithin(within), actions: actions.filter((action) => caller.may(action)) }
  })

  serveRoute(app, 'signIn', async (asked, reply, request) => {
    const { session, name, maxAgeSeconds } = await access.signIn(asked, request.socket.remoteAddress ?? '')
    void reply.header('set-cookie', cookieOf(session, request, maxAgeSeconds))
    return { name }
  })

  serveRoute(app, 'signOut', ({ everywhere }, reply, request) => {
    access.signOut(request.headers, everywhere)
    void reply.header('set-cookie', cookieOf('', request, 0))
    return { signedOut: true }
  })

  serveRoute(app, 'users', () => ({ users: access.users() }))
  serveRoute(app, 'addUser', async ({ password, ...user }) => ({ user: await access.addUser(user, password) }))
  serveRoute(app, 'changeUser', async ({ password, ...user }) => ({ user: await access.changeUser(user, password) }))
  serveRoute(app, 'removeUser', ({ name }) => {
    access.removeUser(name)
    return { removed: name }
  })
  serveRoute(app, 'addLink', ({ name }) => ({
    url: `${status().hub.url}/sign-in#${access.addLink(name)}`,
    lifetimeMs: linkLifetimeMs,
  }))

  serveRoute(app, 'tokens', () => ({ tokens: access.tokens() }))
  serveRoute(app, 'addToken', (token) => access.addToken(token))
  serveRoute(app, 'revokeToken', ({ name }) => {
    access.revokeToken(name)
    return { revoked: name }
  })

  function cookieOf(value: string, request: FastifyRequest, maxAgeSeconds: number): string {
    // A proxy in front may have the certificate; the page knows how it was reached.
    const isSecure = 'encrypted' in request.socket || request.headers.origin?.startsWith('https:') === true
    const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${isSecure ? '; Secure' : ''}`
    return `${access.cookieName}=${value}; ${attributes}`
  }
}
