// Users and tokens as people and programs are shown them: without their secrets.
import type { Action, Role } from './caller.ts'
import type { Kind } from './record.ts'

/** The part of the log that may be seen; an admin sees all of it. */
export interface Grants {
  /** Names of sources, `*` for any characters; letter case does not matter. */
  sources: string[]
  kinds: Kind[]
  /** Also the runs of jobs that were registered for this user, whatever their source. */
  ownJobs: boolean
}

export interface UserView extends Grants {
  name: string
  role: Role
  hasPassword: boolean
  /** Unix milliseconds. */
  createdAt: number
}

export interface TokenView {
  name: string
  actions: Action[]
  sources: string[]
  kinds: Kind[]
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds; absent: it does not expire. */
  expiresAt?: number
}

/** The caller of a request, as a page shows it. */
export interface CallerView {
  name: string
  kind: 'local' | 'user' | 'token'
  role: Role
  actions: Action[]
  /** The query that limits what is seen; empty: everything is. */
  within: string
  /** Kinds of records that are seen. */
  kinds: Kind[]
}

export interface UserRequest extends Partial<Grants> {
  name: string
  role?: Role
}

export interface TokenRequest {
  name: string
  actions: Action[]
  sources?: string[]
  kinds?: Kind[]
  /** From now; absent: it does not expire. */
  lifetimeMs?: number
}

/** `lines of the application, its lifecycle, and what is missing`: all but the audit log. */
export const usualKinds: readonly Kind[] = ['system', 'event', 'gap']
