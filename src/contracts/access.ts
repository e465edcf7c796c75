// Users and tokens as people and programs are shown them: without their secrets.
import type { Action, Grants, Role } from './caller.ts'
import type { Kind } from './record.ts'

export interface UserView extends Grants {
  name: string
  role: Role
  hasPassword: boolean
  /** How many sessions there are now. */
  sessions: number
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
export interface CallerView extends Grants {
  name: string
  kind: 'local' | 'user' | 'token'
  role: Role
  actions: Action[]
  /** The query that limits what is seen; empty: everything is. */
  within: string
  /** Absent where there is no user. */
  hasPassword?: boolean
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
