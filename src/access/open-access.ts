// Access of a running hub: whose request it is, signing in and out, and telling streams when their caller may no longer what it might.
import type { IncomingHttpHeaders } from 'node:http'
import type { Jobs } from '../contracts/job.ts'
import { LogboomError } from '../contracts/errors.ts'
import { localCaller, type Caller } from '../contracts/caller.ts'
import type { AccessFile } from './access-file.ts'
import { openAccounts, type Accounts } from './accounts.ts'
import { hashOf, makeSecret, tokenPrefix } from './credentials.ts'
import { actionsOf, decide, type OwnRun, type Standing } from './decide.ts'
import { openFailures } from './failures.ts'
import { verifyPassword } from './password.ts'

export interface Access extends Omit<Accounts, 'data' | 'change'> {
  /** Nobody needs to sign in: there are no users. */
  isOpen(): boolean
  /** Bearer of whoever can read the hub's state directory. */
  localKey: string
  cookieName: string
  /** Undefined where the request has no credentials that count. */
  identify(headers: IncomingHttpHeaders): Caller | undefined
  /** Calls back once, when this caller is no longer what it was; gives what ends that. */
  watch(caller: Caller, changed: () => void): () => void
  /** Gives the session's secret, for the cookie. Rejects with `sign-in-refused`, `too-often`, `too-many`. */
  signIn(request: SignIn, peer: string): Promise<{ session: string; name: string; maxAgeSeconds: number }>
  /** Ends the session of this request, or all of its user. */
  signOut(headers: IncomingHttpHeaders, everywhere: boolean): void
  /** Jobs whose runs their users may see. */
  attachJobs(jobs: Pick<Jobs, 'list' | 'onChange'>): void
  close(): void
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

/** Where a standing comes from, by which it is looked up again. */
type Credential = { kind: 'local' } | { kind: 'token' | 'session'; hash: string }

const sessionLifetimeMs = 30 * 86_400_000
const mostSessionsOfUser = 50
/** Longer timers would fire at once. */
const longestTimerMs = 2 ** 31 - 1

export function openAccess({ file, now, isExposed = false }: AccessOptions): Access {
  const accounts = openAccounts(file, now, reconsider)
  const localKey = makeSecret(tokenPrefix)
  const localHash = hashOf(localKey)
  const failures = openFailures()
  const cookieName = `logboom_${accounts.data().id.replaceAll(/\W/g, '')}`
  const cookie = new RegExp(`(?:^|;\\s*)${cookieName}=([\\w-]+)`)
  /** Callers that were made, until anything changes. */
  const made = new Map<string, Caller>()
  const origins = new WeakMap<Caller, { credential: Credential; standing: string }>()
  const watched = new Map<object, { caller: Caller; changed(): void }>()
  let jobs: Pick<Jobs, 'list'> | undefined
  let timer: NodeJS.Timeout | undefined

  /** Whoever comes while nobody needs to sign in; not the bearer of the local key, who stays when users come. */
  const anybody: Caller = { ...localCaller }

  const isOpen = (): boolean => !isExposed && accounts.data().users.length === 0

  function credentialOf({ authorization, cookie: cookies }: IncomingHttpHeaders): Credential | undefined {
    if (authorization !== undefined) {
      const [, secret] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
      if (secret === undefined) return undefined
      const hash = hashOf(secret)
      return hash === localHash ? { kind: 'local' } : { kind: 'token', hash }
    }
    const [, secret] = cookie.exec(cookies ?? '') ?? []
    return secret === undefined ? undefined : { kind: 'session', hash: hashOf(secret) }
  }

  function standingOf({ kind, hash }: Exclude<Credential, { kind: 'local' }>): Standing | undefined {
    const { tokens, sessions, users } = accounts.data()
    const isValid = (each: { hash: string; expiresAt?: number }): boolean =>
      each.hash === hash && (each.expiresAt ?? Infinity) > now()
    if (kind === 'token') {
      const token = tokens.find(isValid)
      if (!token) return undefined
      return {
        kind,
        name: token.name,
        actions: token.actions,
        sources: token.sources,
        kinds: token.kinds,
        ownJobs: false,
      }
    }
    const name = sessions.find(isValid)?.user
    const user = users.find((each) => each.name === name)
    if (!user) return undefined
    const { role, sources, kinds: seen, ownJobs } = user
    return { kind: 'user', name: user.name, actions: actionsOf(role), sources, kinds: seen, ownJobs }
  }

  function ownRunsOf({ kind, name, ownJobs }: Standing): OwnRun[] {
    if (kind !== 'user' || !ownJobs) return []
    return (
      jobs
        ?.list()
        .filter(({ userId }) => userId === name)
        .map(({ source, run }) => ({ source, run })) ?? []
    )
  }

  function callerOf(credential: Credential | undefined): Caller | undefined {
    if (isOpen()) return anybody
    if (credential?.kind === 'local') return localCaller
    if (credential === undefined) return undefined
    const standing = standingOf(credential)
    if (!standing) return undefined
    const key = `${credential.kind} ${credential.hash}`
    const known = made.get(key)
    if (known) return known
    const caller = decide(standing, ownRunsOf(standing))
    made.set(key, caller)
    origins.set(caller, { credential, standing: textOf(standing, caller) })
    return caller
  }

  const textOf = (standing: Standing, { within }: Caller): string => JSON.stringify([standing, within])

  /** Whether this caller still may what it might. */
  function isAsItWas(caller: Caller): boolean {
    const origin = origins.get(caller)
    if (!origin) return caller === localCaller || isOpen()
    const standing = origin.credential.kind === 'local' ? undefined : standingOf(origin.credential)
    return standing !== undefined && textOf(standing, decide(standing, ownRunsOf(standing))) === origin.standing
  }

  function reconsider(): void {
    made.clear()
    for (const [key, { caller, changed }] of watched) {
      if (isAsItWas(caller)) continue
      watched.delete(key)
      changed()
    }
    planExpiry()
  }

  function planExpiry(): void {
    clearTimeout(timer)
    timer = undefined
    if (watched.size === 0) return
    const { tokens, sessions } = accounts.data()
    const ends = [...tokens, ...sessions].map(({ expiresAt = Infinity }) => expiresAt).filter((end) => end > now())
    const next = Math.min(...ends)
    if (next < Infinity) timer = setTimeout(reconsider, Math.min(longestTimerMs, next - now() + 1)).unref()
  }

  async function signIn({ name = '', password, link }: SignIn, peer: string): ReturnType<Access['signIn']> {
    const forgive = failures.begin(link === undefined ? name : undefined, peer)
    let user: string | undefined
    if (link === undefined) {
      const found = accounts.data().users.find((each) => each.name === name)
      if (await verifyPassword(found?.password, password ?? '')) user = name
    } else user = accounts.data().links.find((each) => each.hash === hashOf(link) && each.expiresAt > now())?.user
    if (user === undefined)
      throw new LogboomError('sign-in-refused', signInRefusals[link === undefined ? 'password' : 'link'])
    forgive()
    const secret = makeSecret()
    const session = { hash: hashOf(secret), user, createdAt: now(), expiresAt: now() + sessionLifetimeMs }
    accounts.change((data) => {
      if (link !== undefined) data.links = data.links.filter(({ hash }) => hash !== hashOf(link))
      const others = data.sessions.filter((each) => each.user === user)
      const surplus = others.slice(0, Math.max(0, others.length + 1 - mostSessionsOfUser))
      data.sessions = [...data.sessions.filter((each) => !surplus.includes(each)), session]
    })
    return { session: secret, name: user, maxAgeSeconds: sessionLifetimeMs / 1000 }
  }

  const { data: _, change: __, ...offered } = accounts
  return {
    ...offered,
    isOpen,
    localKey,
    cookieName,
    identify: (headers) => callerOf(isOpen() ? undefined : credentialOf(headers)),
    watch(caller, changed) {
      const key = {}
      watched.set(key, { caller, changed })
      planExpiry()
      return () => {
        watched.delete(key)
        if (watched.size === 0) planExpiry()
      }
    },
    signIn,
    signOut(headers, everywhere) {
      const credential = credentialOf(headers)
      if (credential?.kind !== 'session') return
      const { hash } = credential
      const mine = accounts.data().sessions.find((each) => each.hash === hash)
      accounts.change((data) => {
        data.sessions = data.sessions.filter((each) => each.hash !== hash && !(everywhere && each.user === mine?.user))
      })
    },
    attachJobs(attached) {
      jobs = attached
      attached.onChange(({ userId }) => {
        if (accounts.data().users.some(({ name, ownJobs }) => ownJobs && name === userId)) reconsider()
      })
    },
    close: () => clearTimeout(timer),
  }
}

const signInRefusals = {
  password: 'The name or the password is wrong.',
  link: 'This link was used already, or is too old.',
}
