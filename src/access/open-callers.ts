// Callers by what requests bring with them: a session, a token, the key of this machine. Remembered until anything changes, and
// watched by those who serve them for longer than a moment.
import type { IncomingHttpHeaders } from 'node:http'
import { localCaller, type Caller } from '../contracts/caller.ts'
import type { RunsBySource } from '../contracts/request.ts'
import type { AccessData } from './access-file.ts'
import { hashOf } from './credentials.ts'
import { actionsOf, decide, type Standing } from './decide.ts'
import { openAlarm } from './open-alarm.ts'

export interface Callers {
  /** Undefined where the request has no credentials that count. */
  identify(headers: IncomingHttpHeaders): Caller | undefined
  /** Hash of the secret of the session that a request belongs to. */
  sessionOf(headers: IncomingHttpHeaders): string | undefined
  /** Calls back once, when this caller is no longer what it was; gives what ends that. */
  watch(caller: Caller, changed: () => void): () => void
  /** Something has changed. */
  reconsider(): void
  close(): void
}

export interface CallersOptions {
  data(): AccessData
  now(): number
  isOpen(): boolean
  localHash: string
  cookieName: string
  /** Runs of the jobs of a user; those of later jobs are added to it. */
  runsOf(user: string): RunsBySource
}

/** The origin of a standing, by which it is looked up again. */
type Credential = { kind: 'local' } | { kind: 'token' | 'session'; hash: string }

export function openCallers({ data, now, isOpen, localHash, cookieName, runsOf }: CallersOptions): Callers {
  const cookie = new RegExp(`(?:^|;\\s*)${cookieName}=([\\w-]+)`)
  const made = new Map<string, Caller>()
  const origins = new WeakMap<Caller, { credential: Exclude<Credential, { kind: 'local' }>; standing: string }>()
  const watched = new Map<object, { caller: Caller; changed(): void }>()
  /** The caller while nobody needs to sign in; not the bearer of the local key, who stays when users come. */
  const anybody: Caller = { ...localCaller }
  const alarm = openAlarm(now, reconsider)

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
    const { tokens, sessions, users } = data()
    const isValid = (each: { hash: string; expiresAt?: number }): boolean =>
      each.hash === hash && (each.expiresAt ?? Infinity) > now()
    if (kind === 'token') {
      const token = tokens.find(isValid)
      return token && { kind, ...token, ownJobs: false }
    }
    const name = sessions.find(isValid)?.user
    const user = users.find((each) => each.name === name)
    return user && { kind: 'user', ...user, actions: actionsOf(user.role) }
  }

  function decided(standing: Standing): { caller: Caller; text: string } {
    const caller = decide(standing, standing.ownJobs ? runsOf(standing.name) : undefined)
    const { name, actions, sources, kinds, ownJobs } = standing
    return { caller, text: JSON.stringify([name, actions, sources, kinds, ownJobs, caller.within?.query]) }
  }

  function callerOf(credential: Credential | undefined): Caller | undefined {
    if (credential === undefined) return undefined
    if (credential.kind === 'local') return localCaller
    const standing = standingOf(credential)
    if (!standing) return undefined
    const key = `${credential.kind} ${credential.hash}`
    const known = made.get(key)
    if (known) return known
    const { caller, text } = decided(standing)
    made.set(key, caller)
    origins.set(caller, { credential, standing: text })
    return caller
  }

  /** Whether this caller still may what it might. */
  function isAsItWas(caller: Caller): boolean {
    const origin = origins.get(caller)
    if (!origin) return caller === localCaller || isOpen()
    const standing = standingOf(origin.credential)
    return standing !== undefined && decided(standing).text === origin.standing
  }

  function reconsider(): void {
    made.clear()
    for (const [key, { caller, changed }] of watched) {
      if (isAsItWas(caller)) continue
      watched.delete(key)
      changed()
    }
    plan()
  }

  function plan(): void {
    const { tokens, sessions } = data()
    alarm.set(watched.size === 0 ? [] : [...tokens, ...sessions].map(({ expiresAt = Infinity }) => expiresAt))
  }

  return {
    identify: (headers) => (isOpen() ? anybody : callerOf(credentialOf(headers))),
    sessionOf(headers) {
      const credential = credentialOf(headers)
      return credential?.kind === 'session' ? credential.hash : undefined
    },
    watch(caller, changed) {
      const key = {}
      watched.set(key, { caller, changed })
      // The caller was identified a moment ago.
      if (!isAsItWas(caller)) queueMicrotask(reconsider)
      if (watched.size === 1) plan()
      return () => {
        watched.delete(key)
        if (watched.size === 0) plan()
      }
    },
    reconsider,
    close: () => alarm.set([]),
  }
}
