// From where the user stands to the files of the store there.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LogboomError } from '../../contracts/errors.ts'
import { openStateLock } from '../../hub/state/state-lock.ts'
import type { StoreOptions, StoreType } from '../../contracts/store.ts'
import { readUptime } from '../../supervise/process/proc-table.ts'
import { findState } from '../hub/find-hub.ts'
import type { PlaceOptions } from '../command-parts.ts'

export interface FoundStore {
  stateDirectory: string
  /** Type of a store that keeps files. */
  type: StoreType & Required<Pick<StoreType, 'openReader' | 'verify' | 'repair'>>
  options: StoreOptions
}

/** Rejects with `not-running` when nothing was ever stored there. */
export async function findStore(place: PlaceOptions): Promise<FoundStore> {
  const stateDirectory = await findState(place)
  const directory = join(stateDirectory, 'store')
  if (!existsSync(directory)) {
    throw new LogboomError('not-running', `no hub is running in ${stateDirectory}, and none has stored anything there`)
  }
  const { storeTypes } = await import('../../stores/index.ts')
  const type = storeTypes.find(({ openReader }) => openReader !== undefined) as FoundStore['type']
  const warn = (message: string): void => console.error(`logboom: ${message}`)
  return { stateDirectory, type, options: { directory, now: Date.now, uptime: readUptime, warn } }
}

/** Nobody else writes meanwhile. Rejects with `already-running` when a hub does. */
export async function withStateLock<T>(stateDirectory: string, work: () => Promise<T>): Promise<T> {
  const lock = openStateLock(join(stateDirectory, 'lock.db'))
  try {
    return await work()
  } finally {
    lock.close()
  }
}
