// `logboom user add|list|grant|remove|sign-out|link`: who may sign in, and what they may see and do.
import type { UserRequest, UserView } from '../../contracts/access.ts'
import type { Role } from '../../contracts/caller.ts'
import type { Kind } from '../../contracts/record.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import { formatDuration } from '../../time/duration.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { formatTable } from '../format-table.ts'
import { findHub } from '../hub/find-hub.ts'
import { wantsColor } from '../terminal-style.ts'
import { readPassword } from './read-password.ts'
import { withAccounts } from './with-accounts.ts'

export interface UserOptions extends PlaceOptions {
  role?: Role
  source?: string[]
  kind?: Kind[]
  ownJobs?: boolean
  passwordStdin?: boolean
  /** To be asked for. */
  password?: boolean
}

export async function addUser(name: string, options: UserOptions): Promise<void> {
  const password = await readPassword(options.passwordStdin ?? false)
  const user = await withAccounts(options, ({ addUser: add }) => add(requestOf(name, options, password)))
  console.log(`${name} is there: ${describe(user)}`)
  if (!user.hasPassword) console.log(`Without a password a link lets ${name} in: logboom user link ${name}`)
}

export async function grantUser(name: string, options: UserOptions): Promise<void> {
  const asked = options.passwordStdin || options.password
  const password = asked ? await readPassword(options.passwordStdin ?? false) : undefined
  const user = await withAccounts(options, ({ changeUser }) => changeUser(requestOf(name, options, password)))
  console.log(`${name}: ${describe(user)}`)
}

export async function removeUser(name: string, options: PlaceOptions): Promise<void> {
  await withAccounts(options, (accounts) => accounts.removeUser(name))
  console.log(`${name} is removed`)
}

/** Sessions are those of a hub that runs, or of the file that the next one reads. */
export async function signOutUser(name: string, options: PlaceOptions): Promise<void> {
  await withAccounts(options, (accounts) => accounts.endSessions(name))
  console.log(`${name} is signed out everywhere; streams end, and the password stays`)
}

/** Only a hub that runs knows where its links lead. */
export async function linkUser(name: string, options: PlaceOptions): Promise<void> {
  const { client } = await findHub(options)
  const { url, lifetimeMs } = await client.addLink(name)
  console.log(url)
  console.error(`Signs ${name} in, once, within ${formatDuration(lifetimeMs)}.`)
}

export async function listUsers(options: PlaceOptions & { json?: boolean }): Promise<void> {
  const users = await withAccounts(options, (accounts) => accounts.users())
  if (options.json) return console.log(JSON.stringify(users, null, 2))
  if (users.length === 0) return console.log('There are no users: whoever is on this machine may do everything.')
  const rows = users.map((user) => [user.name, user.role, seenBy(user), user.hasPassword ? 'password' : 'links'])
  console.log(formatTable(['USER', 'ROLE', 'SEES', 'SIGNS IN BY'], rows, wantsColor(process.stdout)).join('\n'))
}

function requestOf(
  name: string,
  { role, source, kind, ownJobs }: UserOptions,
  password: string | undefined,
): UserRequest & { password?: string } {
  return {
    name,
    ...(role === undefined ? {} : { role }),
    ...(source === undefined ? {} : { sources: source }),
    ...(kind === undefined ? {} : { kinds: kind }),
    ...(ownJobs === undefined ? {} : { ownJobs }),
    ...(password === undefined ? {} : { password }),
  }
}

function describe(user: UserView): string {
  return `${user.role}, sees ${seenBy(user)}`
}

function seenBy({ role, sources, kinds, ownJobs }: UserView): string {
  if (role === 'admin') return 'everything'
  const names = [...sources, ...(ownJobs ? ['own jobs'] : [])].join(', ') || 'no source'
  return `${escapeTerminal(names)} (${kinds.join(', ') || 'no kind'})`
}
