// Admission: for every route, and every upgrade, the caller, or the error that says what is missing.
import type { IncomingHttpHeaders } from 'node:http'
import { mayUse } from '../access/decide.ts'
import type { Access } from '../access/open-access.ts'
import type { Caller } from '../contracts/caller.ts'
import { LogboomError } from '../contracts/errors.ts'
import { routes, type Route } from '../wire/routes.ts'

/** Throws `sign-in-needed` and `not-allowed`. */
export function admit(access: Access, headers: IncomingHttpHeaders, who: Route['who']): Caller {
  const caller = access.identify(headers)
  if (!caller) throw new LogboomError('sign-in-needed', 'This hub wants to know who asks.')
  if (!mayUse(caller, who)) throw new LogboomError('not-allowed', `${caller.name} may not do this.`)
  return caller
}

/** Of Socket.IO's requests those whose token is wrong; that of the others may come behind the handshake. Throws as `admit`. */
export function admitHandshake(access: Access, headers: IncomingHttpHeaders): void {
  if (headers.authorization !== undefined) admit(access, headers, 'viewer')
}

/** Of the sockets at this path; those that are not in the table may only be listened to. */
export function whoOfSocket(path: string): Route['who'] {
  const route = Object.values(routes).find((each) => each.method === 'WebSocket' && each.path === path)
  return route?.who ?? 'viewer'
}

/** Tells a stream why it ends. */
export function changedRights(): LogboomError {
  return new LogboomError('sign-in-needed', 'What you may see has changed, or your session has ended.', {
    hint: 'Connect again; sign in where that is asked for.',
  })
}
