// Users and tokens from the command line: through the hub where one runs, so that streams end when rights are taken; in its file where
// none does.
import { accessFile } from '../../access/access-file.ts'
import { openAccounts } from '../../access/accounts.ts'
import type { Client } from '../../client/connect.ts'
import { makeStateDirectory } from '../../hub/state/state-directory.ts'
import { parseDuration } from '../../time/duration.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { findState, tryHub } from '../hub/find-hub.ts'
import { withStateLock } from '../store/find-store.ts'

export type AccountsClient = Pick<
  Client,
  'users' | 'addUser' | 'changeUser' | 'removeUser' | 'endSessions' | 'tokens' | 'addToken' | 'revokeToken'
>

export async function withAccounts<Result>(
  place: PlaceOptions,
  work: (accounts: AccountsClient) => Promise<Result>,
): Promise<Result> {
  const stateDirectory = await findState(place)
  const hub = await tryHub(stateDirectory)
  if (hub) return await work(hub.client)
  makeStateDirectory(stateDirectory)
  return await withStateLock(stateDirectory, () => work(openFileAccounts(stateDirectory)))
}

function openFileAccounts(stateDirectory: string): AccountsClient {
  const accounts = openAccounts(accessFile(stateDirectory), Date.now)
  return {
    users: () => Promise.resolve(accounts.users()),
    addUser: ({ password, ...user }) => accounts.addUser(user, password),
    changeUser: ({ password, ...user }) => accounts.changeUser(user, password),
    removeUser: async (name) => accounts.removeUser(name),
    endSessions: async (name) => accounts.endSessions(name),
    tokens: () => Promise.resolve(accounts.tokens()),
    addToken: async ({ lifetime, ...request }) => {
      const lifetimeMs = lifetime === undefined ? undefined : parseDuration(lifetime)
      return accounts.addToken({ ...request, ...(lifetimeMs === undefined ? {} : { lifetimeMs }) })
    },
    revokeToken: async (name) => accounts.revokeToken(name),
  }
}
