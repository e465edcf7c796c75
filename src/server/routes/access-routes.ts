// Signing in and out, users and tokens over HTTP.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { linkLifetimeMs } from '../../access/accounts.ts'
import { actions } from '../../contracts/caller.ts'
import { formatWithin } from '../../contracts/request.ts'
import type { ServedHub } from '../hub-interface.ts'
import { pathPrefix } from '../proxy/path-prefix.ts'
import { peerOf } from '../proxy/peer.ts'
import { serveRoute } from '../serve-route.ts'

export function addAccessRoutes(app: FastifyInstance, { access, status }: ServedHub): void {
  serveRoute(app, 'me', (_asked, _reply, { caller }) => {
    const { name, kind, role, within, grants } = caller
    const user = kind === 'user' ? access.users().find((each) => each.name === name) : undefined
    const may = actions.filter((action) => caller.may(action))
    return {
      name,
      kind,
      role,
      within: formatWithin(within),
      ...grants,
      actions: may,
      ...(user && { hasPassword: user.hasPassword }),
    }
  })

  serveRoute(app, 'signIn', async (asked, reply, request) => {
    const { session, name, maxAgeSeconds } = await access.signIn(asked, peerOf(request.raw))
    void reply.header('set-cookie', cookieOf(session, request, maxAgeSeconds))
    return { name }
  })

  serveRoute(app, 'signOut', ({ everywhere }, reply, request) => {
    access.signOut(request.headers, everywhere)
    void reply.header('set-cookie', cookieOf('', request, 0))
    return { signedOut: true }
  })

  serveRoute(app, 'changeOwnPassword', async (asked, _reply, { headers, raw }) => {
    await access.changeOwnPassword(headers, asked, peerOf(raw))
    return { changed: true }
  })

  serveRoute(app, 'users', () => ({ users: access.users() }))
  serveRoute(app, 'addUser', async ({ password, ...user }) => ({ user: await access.addUser(user, password) }))
  serveRoute(app, 'changeUser', async ({ password, ...user }) => ({ user: await access.changeUser(user, password) }))
  serveRoute(app, 'removeUser', ({ name }) => {
    access.removeUser(name)
    return { removed: name }
  })
  serveRoute(app, 'endSessions', ({ name }) => {
    access.endSessions(name)
    return { signedOut: name }
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
    const attributes = `Path=${pathPrefix(request.headers)}/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${isSecure ? '; Secure' : ''}`
    return `${access.cookieName}=${value}; ${attributes}`
  }
}
