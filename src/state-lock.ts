// One hub per state directory: an exclusive SQLite lock, which the system frees however the hub ends.
import { DatabaseSync } from 'node:sqlite'
import { LogboomError } from './errors.ts'

export interface StateLock {
  close(): void
}

/** Throws `already-running` when another hub holds it. */
export function openStateLock(path: string): StateLock {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;')
  } catch (cause) {
    database.close()
    if (/locked|busy/i.test((cause as Error).message))
      throw new LogboomError('already-running', 'A hub is already running here', { cause })
    throw new LogboomError('state-unusable', `${path}: ${(cause as Error).message}`, { cause })
  }
  return { close: () => database.close() }
}
