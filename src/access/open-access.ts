// Access of a running hub: whose request it is, and signing in and out.
import type { IncomingHttpHeaders } from 'node:http'
import { LogboomError } from '../contracts/errors.ts'
import type { Jobs } from '../contracts/job.ts'
import type { AccessFile } from './access-file.ts'
import { endPasses, openAccounts, type Accounts } from './accounts.ts'
import { hashOf, makeSecret, tokenPrefix } from './credentials.ts'
import { openFailures } from './failures.ts'
import { openCallers, type Callers } from './open-callers.ts'
import { openOwnRuns } from './own-runs.ts'
import { changeOwnPassword, type PasswordChange } from './own-password.ts'
import { verifyPassword } from './password.ts'

export interface Access extends Omit<Accounts, 'data' | 'change'>, Pick<Callers, 'identify' | 'watch' | 'close'> {
  /** Nobody needs to sign in: there are no users. */
  isOpen(): boolean
  /** Bearer of whoever can read the hub's state directory. */
  localKey: string
  cookieName: string
  /** Gives the session's secret, for the cookie. Rejects with `sign-in-refused`, `too-often`, `too-many`. */
  signIn(request: SignIn, peer: string): Promise<{ session: string; name: string; maxAgeSeconds: number }>
  /**
   * Gives the user of this request's session a new password, which ends all other sessions. Rejects with `not-allowed` where there
   * is no session, and as `signIn` does where the old password is wrong.
   */
  changeOwnPassword(headers: IncomingHttpHeaders, change: PasswordChange, peer: string): Promise<void>
  /** Ends the session of this request, or all of its user, and the links that would begin one. */
  signOut(headers: IncomingHttpHeaders, everywhere: boolean): void
  /** Jobs whose runs their users may see. */
  attachJobs(jobs: Pick<Jobs, 'list' | 'onRegister'>): void
}

export interface SignIn {
  name?: string | undefined
  password?: string | undefined
  link?: string | undefined
}

export interface AccessOptions {
  file: AccessFile
  now(): number
  /** Reached by others than programs of this machine: never open, not even when the last user is removed. */
  isExposed?: boolean
}

const sessionLifetimeMs = 30 * 86_400_000
const mostSessionsOfUser = 50

const signInRefusals = {
  password: 'The name or the password is wrong.',
  link: 'This link was used already, or is too old.',
}

export function openAccess({ file, now, isExposed = false }: AccessOptions): Access {
  const { data, change, ...accounts } = openAccounts(file, now, () => callers.reconsider())
  const localKey = makeSecret(tokenPrefix)
  const cookieName = `logboom_${data().id.replaceAll(/\W/g, '')}`
  const failures = openFailures()
  const ownRuns = openOwnRuns()
  const isOpen = (): boolean => !isExposed && data().users.length === 0
  const callers = openCallers({
    data,
    now,
    isOpen,
    localHash: hashOf(localKey),
    cookieName,
    runsOf: ownRuns.of,
  })

  /** The user and what it was known by, which must be the same when the session begins. */
  async function userOf({ name = '', password = '', link }: SignIn): Promise<string | undefined> {
    if (link !== undefined) return userOfLink(link)
    const hash = passwordOf(name)
    return (await verifyPassword(hash, password)) && hash === passwordOf(name) ? name : undefined
  }

  const passwordOf = (name: string): string | undefined => data().users.find((each) => each.name === name)?.password
  const userOfLink = (link: string): string | undefined =>
    data().links.find((each) => each.hash === hashOf(link) && each.expiresAt > now())?.user

  async function signIn(request: SignIn, peer: string): ReturnType<Access['signIn']> {
    const { name = '', link } = request
    const forgive = failures.begin(link === undefined ? name : undefined, peer)
    const user = await userOf(request)
    if (user === undefined)
      throw new LogboomError('sign-in-refused', signInRefusals[link === undefined ? 'password' : 'link'])
    forgive()
    const secret = makeSecret()
    const session = { hash: hashOf(secret), user, createdAt: now(), expiresAt: now() + sessionLifetimeMs }
    change((next) => {
      if (link !== undefined) next.links = next.links.filter(({ hash }) => hash !== hashOf(link))
      const own = next.sessions.filter((each) => each.user === user)
      const surplus = own.slice(0, Math.max(0, own.length + 1 - mostSessionsOfUser))
      next.sessions = [...next.sessions.filter((each) => !surplus.includes(each)), session]
    })
    return { session: secret, name: user, maxAgeSeconds: sessionLifetimeMs / 1000 }
  }

  return {
    ...accounts,
    identify: callers.identify,
    watch: callers.watch,
    close: callers.close,
    isOpen,
    localKey,
    cookieName,
    signIn,
    changeOwnPassword: (headers, asked, peer) =>
      changeOwnPassword({ data, change, failures, session: callers.sessionOf(headers) }, asked, peer),
    signOut(headers, everywhere) {
      const hash = callers.sessionOf(headers)
      if (hash === undefined) return
      const mine = data().sessions.find((each) => each.hash === hash)
      change((next) => {
        if (everywhere && mine) endPasses(next, mine.user)
        else next.sessions = next.sessions.filter((each) => each.hash !== hash)
      })
    },
    attachJobs: ownRuns.attach,
  }
}
