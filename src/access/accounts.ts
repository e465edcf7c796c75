// Users and tokens: added, changed, removed. The same for a hub that runs and for a command beside one that does not.
import { usualKinds, type TokenRequest, type TokenView, type UserRequest, type UserView } from '../contracts/access.ts'
import { LogboomError } from '../contracts/errors.ts'
import type { AccessData, AccessFile, StoredToken, StoredUser } from './access-file.ts'
import { hashOf, makeSecret, tokenPrefix } from './credentials.ts'
import { checkPattern } from './decide.ts'
import { checkPassword, hashPassword } from './password.ts'

export interface Accounts {
  /** As it is now; to be changed through the functions alone. */
  data(): AccessData
  users(): UserView[]
  /** The first one is an admin where no role is given. Rejects with `already-there`. */
  addUser(request: UserRequest, password?: string): Promise<UserView>
  /** Changes what is given; a new password ends the user's sessions. */
  changeUser(request: UserRequest, password?: string): Promise<UserView>
  removeUser(name: string): void
  /** Ends all sessions of a user, and the links that would begin one. */
  endSessions(name: string): void
  /** A secret that signs this user in once. */
  addLink(name: string): string
  tokens(): TokenView[]
  /** The token itself is given here and never again. */
  addToken(request: TokenRequest): { token: string; view: TokenView }
  revokeToken(name: string): void
  /** Saves, and tells those who listen. */
  change(work: (data: AccessData) => void): void
}

const nameForm = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$/u
export const linkLifetimeMs: number = 15 * 60_000

export function openAccounts(file: AccessFile, now: () => number, changed: () => void = () => {}): Accounts {
  let data = file.read()

  function change(work: (data: AccessData) => void): void {
    const next = structuredClone(data)
    work(next)
    next.links = next.links.filter(({ expiresAt }) => expiresAt > now())
    next.sessions = next.sessions.filter(({ expiresAt }) => expiresAt > now())
    file.save(next)
    data = next
    changed()
  }

  function userOf(among: AccessData, name: string): StoredUser {
    const user = among.users.find((each) => each.name === name)
    if (!user) throw new LogboomError('unknown-account', `There is no user ${name}.`)
    return user
  }

  return {
    data: () => data,
    users: () => data.users.map((user) => viewOfUser(user, data, now())),
    async addUser({ name, role, ...grants }, password) {
      checkName(name)
      const hash = await hashIfGiven(password)
      const user: StoredUser = {
        name,
        role: role ?? (data.users.length === 0 ? 'admin' : 'viewer'),
        sources: checkedPatterns(grants.sources) ?? ['*'],
        kinds: grants.kinds ?? [...usualKinds],
        ownJobs: grants.ownJobs ?? false,
        ...(hash === undefined ? {} : { password: hash }),
        createdAt: now(),
      }
      change(({ users }) => {
        refuseTwice(users, name)
        users.push(user)
      })
      return viewOfUser(user, data, now())
    },
    async changeUser({ name, role, ...grants }, password) {
      userOf(data, name)
      const hash = await hashIfGiven(password)
      const sources = checkedPatterns(grants.sources)
      change((next) => {
        const user = userOf(next, name)
        const given = { role, sources, kinds: grants.kinds, ownJobs: grants.ownJobs, password: hash }
        Object.assign(user, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
        if (hash !== undefined) next.sessions = next.sessions.filter((session) => session.user !== name)
      })
      return viewOfUser(userOf(data, name), data, now())
    },
    removeUser(name) {
      change((next) => {
        next.users.splice(next.users.indexOf(userOf(next, name)), 1)
        endPasses(next, name)
      })
    },
    endSessions(name) {
      change((next) => endPasses(next, userOf(next, name).name))
    },
    addLink(name) {
      userOf(data, name)
      const secret = makeSecret()
      const link = { hash: hashOf(secret), user: name, createdAt: now(), expiresAt: now() + linkLifetimeMs }
      change(({ links }) => void links.push(link))
      return secret
    },
    tokens: () => data.tokens.map(viewOfToken),
    addToken({ name, actions, sources, kinds, lifetimeMs }) {
      checkName(name)
      const token = makeSecret(tokenPrefix)
      const stored: StoredToken = {
        name,
        hash: hashOf(token),
        actions,
        sources: checkedPatterns(sources) ?? ['*'],
        kinds: kinds ?? [...usualKinds],
        createdAt: now(),
        ...(lifetimeMs === undefined ? {} : { expiresAt: now() + lifetimeMs }),
      }
      change(({ tokens }) => {
        refuseTwice(tokens, name)
        tokens.push(stored)
      })
      return { token, view: viewOfToken(stored) }
    },
    revokeToken(name) {
      change(({ tokens }) => {
        const at = tokens.findIndex((each) => each.name === name)
        if (at < 0) throw new LogboomError('unknown-account', `There is no token ${name}.`)
        tokens.splice(at, 1)
      })
    },
    change,
  }
}

function checkName(name: string): void {
  if (nameForm.test(name) && name !== 'local') return
  throw new LogboomError('request-invalid', `${JSON.stringify(name)} is no name for a user or token.`, {
    hint: 'Letters, digits and . _ @ + -, at most 64, a letter or digit first; "local" is taken.',
  })
}

function checkedPatterns(patterns: string[] | undefined): string[] | undefined {
  patterns?.forEach(checkPattern)
  return patterns
}

async function hashIfGiven(password: string | undefined): Promise<string | undefined> {
  if (password === undefined) return undefined
  checkPassword(password)
  return await hashPassword(password)
}

function refuseTwice(existing: readonly { name: string }[], name: string): void {
  if (existing.some((each) => each.name === name))
    throw new LogboomError('already-there', `There is a ${name} already.`)
}

/** Ends the sessions and links of a user, but for the session of this hash. */
export function endPasses(data: AccessData, name: string, keptHash?: string): void {
  data.sessions = data.sessions.filter(({ user, hash }) => user !== name || hash === keptHash)
  data.links = data.links.filter(({ user }) => user !== name)
}

function viewOfUser(user: StoredUser, { sessions }: AccessData, now: number): UserView {
  const { name, role, sources, kinds, ownJobs, password, createdAt } = user
  const own = sessions.filter((session) => session.user === name && session.expiresAt > now)
  return {
    name,
    role,
    sources,
    kinds,
    ownJobs,
    hasPassword: password !== undefined,
    sessions: own.length,
    createdAt,
  }
}

function viewOfToken(token: StoredToken): TokenView {
  const { hash: _, ...view } = token
  return view
}
