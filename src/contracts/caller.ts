// A caller: who asks a hub, and what they may see and do. Made in one place (access/decide.ts), asked everywhere.
import { kinds, type Kind } from './record.ts'
import type { Within } from './request.ts'

/** From the least that a user may do to the most. */
export type Role = 'viewer' | 'operator' | 'admin'
export const roles: readonly Role[] = ['viewer', 'operator', 'admin']

/** `send`: hand in records and jobs; `forward`: what an agent does for its host; `control`: start, stop and scale; `administer`: users, tokens, the store, the hub itself. */
export type Action = 'read' | 'send' | 'forward' | 'control' | 'administer'
export const actions: readonly Action[] = ['read', 'send', 'forward', 'control', 'administer']

/** The part of the log that may be seen; an admin sees all of it. */
export interface Grants {
  /** Names of sources, `*` for any characters; letter case does not matter. */
  sources: string[]
  kinds: Kind[]
  /** Also the runs of jobs that were registered for this user, whatever their source. */
  ownJobs: boolean
}

export interface Caller {
  /** Of the user or token; `local` for whoever is on this machine and needs no name. */
  name: string
  kind: 'local' | 'user' | 'token'
  role: Role
  grants: Readonly<Grants>
  /** All records that they may see; undefined: every record. */
  within: Within | undefined
  /** Patterns of the sources whose records it may hand in. */
  sendsTo: readonly string[]
  /** Of a source, and of one kind of its records; `owner`: the user of the job that it belongs to. */
  mayRead(source: string, kind?: Kind, owner?: string): boolean
  /** Of all runs of a source, whoever owns them. */
  mayReadAllOf(source: string): boolean
  /** At all, or to this source. */
  may(action: Action, source?: string): boolean
}

/** Programs of this machine where nobody needs to sign in, and whoever can read the hub's state directory. */
export const localCaller: Caller = {
  name: 'local',
  kind: 'local',
  role: 'admin',
  grants: { sources: ['*'], kinds: [...kinds], ownJobs: false },
  within: undefined,
  sendsTo: ['*'],
  mayRead: () => true,
  mayReadAllOf: () => true,
  may: () => true,
}
