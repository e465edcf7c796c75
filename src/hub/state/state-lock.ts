// The lock of a state directory, for a single hub: an exclusive SQLite lock, which the system frees however the hub ends. Nobody
// needs the file's content; a damaged one is emptied where it is, never replaced, so that all who come meet at the same file.
import { closeSync, constants, copyFileSync, lstatSync, openSync, renameSync, truncateSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { LogboomError } from '../../contracts/errors.ts'
import { asideName, makePrivate } from '../../system/new-file.ts'

export interface StateLock {
  close(): void
}

/** Throws `already-running` when another hub holds it. `warn` is told what was damaged. */
export function openStateLock(path: string, warn: (message: string) => void = () => {}): StateLock {
  for (let mended = 0; ; mended++) {
    prepareFile(path, warn)
    const taken = tryLock(path)
    if ('close' in taken) return taken
    const { message } = taken.error
    if (/locked|busy/i.test(message))
      throw new LogboomError('already-running', 'A hub is already running here', { cause: taken.error })
    // Twice, since another hub may be mending it at the same moment.
    if (mended > 1 || !mend(path, warn)) throw unusable(path, taken.error)
  }
}

function tryLock(path: string): StateLock | { error: Error } {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: 0 })
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;')
    const held = database
    return { close: () => held.close() }
  } catch (error) {
    database?.close()
    return { error: error as Error }
  }
}

/** Private from its beginning. A lock that this process holds would be lost if its file were opened and closed here. */
function prepareFile(path: string, warn: (message: string) => void): void {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat?.isDirectory()) putDirectoryAside(path, warn)
    for (const beside of ['-journal', '-wal', '-shm'])
      if (lstatSync(path + beside, { throwIfNoEntry: false })?.isDirectory()) putDirectoryAside(path + beside, warn)
    for (const part of ['', '-journal', '-wal', '-shm']) makePrivate(path + part)
    if (!stat?.isFile()) closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600))
  } catch (error) {
    // Somebody else was quicker; links are followed by all alike.
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST' && code !== 'ENOENT') throw unusable(path, error as Error)
  }
}

/** The slash makes it fail for the file that another hub has meanwhile put there. */
function putDirectoryAside(path: string, warn: (message: string) => void): void {
  const aside = asideName(path)
  try {
    renameSync(`${path}/`, aside)
    warn(`${path} was a directory; it is kept as ${aside}`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw error
  }
}

/** Nobody holds what SQLite refuses to lock for its content, and whoever empties it meanwhile leaves the same. */
function mend(path: string, warn: (message: string) => void): boolean {
  try {
    const stat = lstatSync(path)
    if (!stat.isFile()) return false
    if (stat.size === 0) return true
    const aside = asideName(path)
    copyFileSync(path, aside)
    makePrivate(aside)
    truncateSync(path)
    warn(`${path} was damaged; it is made anew, and what it was is kept as ${aside}`)
    return true
  } catch {
    return false
  }
}

function unusable(path: string, cause: Error): LogboomError {
  const hint = `Nothing in ${path} is needed: remove it while no hub runs; or use another --state directory.`
  return new LogboomError('state-unusable', `${path}: ${cause.message}`, { hint, cause })
}
