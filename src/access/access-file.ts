// `access.json` in the state directory: users, tokens, sessions. A file of its own, since the catalogue is made anew when it is
// damaged, and a hub that forgot its users would be open to everybody (decisions/064).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Action, Grants, Role } from '../contracts/caller.ts'
import { LogboomError } from '../contracts/errors.ts'
import type { Kind } from '../contracts/record.ts'
import { replaceFile } from '../system/new-file.ts'
import { makeSecret } from './credentials.ts'

export interface StoredUser extends Grants {
  name: string
  role: Role
  /** Absent: only links let this user in. */
  password?: string
  /** Unix milliseconds. */
  createdAt: number
}

export interface StoredToken {
  name: string
  hash: string
  actions: Action[]
  sources: string[]
  kinds: Kind[]
  createdAt: number
  expiresAt?: number
}

/** A session, or a link that begins one. */
export interface StoredPass {
  hash: string
  user: string
  createdAt: number
  expiresAt: number
}

export interface AccessData {
  version: 1
  /** Tells the cookies of hubs on one host apart: to a browser all ports are one. */
  id: string
  users: StoredUser[]
  tokens: StoredToken[]
  sessions: StoredPass[]
  links: StoredPass[]
}

export interface AccessFile {
  read(): AccessData
  /** Throws `store-unwritable`. */
  save(data: AccessData): void
}

const fileName = 'access.json'
const lists = ['users', 'tokens', 'sessions', 'links'] as const

export function emptyAccess(): AccessData {
  return { version: 1, id: makeSecret().slice(0, 8), users: [], tokens: [], sessions: [], links: [] }
}

export function accessFile(stateDirectory: string): AccessFile {
  const path = join(stateDirectory, fileName)
  return {
    read() {
      let text: string
      try {
        text = readFileSync(path, 'utf8')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return emptyAccess()
        throw damaged(path, error as Error)
      }
      try {
        const data = JSON.parse(text) as AccessData
        const isOurs =
          data.version === 1 && typeof data.id === 'string' && lists.every((key) => Array.isArray(data[key]))
        if (isOurs) return data
      } catch (error) {
        throw damaged(path, error as Error)
      }
      throw damaged(path, new Error('it is of another form'))
    },
    save(data) {
      try {
        replaceFile(path, `${JSON.stringify(data)}\n`)
      } catch (cause) {
        const hint = 'Nothing was changed; try again when the disk can be written.'
        throw new LogboomError('store-unwritable', `${path}: ${(cause as Error).message}`, { hint, cause })
      }
    },
  }
}

function damaged(path: string, cause: Error): LogboomError {
  return new LogboomError('access-damaged', `${path} cannot be read: ${cause.message}`, { cause })
}
