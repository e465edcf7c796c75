// How log files are opened: only plain files, so that nothing that lies there in their place can hold up the hub.
import { closeSync, constants, fstatSync, openSync } from 'node:fs'

const { O_APPEND, O_CREAT, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants
const openMode = 0o600

/** For appending; made when it is not there. Throws what the system says, and ENOTSUP of what is no plain file. */
export function openToAppend(path: string): number {
  // Without O_NONBLOCK a pipe that nobody reads would stop everything here.
  return checked(path, openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, openMode))
}

/** Undefined when it is not there, cannot be read, or is no plain file. */
export function openToRead(path: string): number | undefined {
  try {
    return checked(path, openSync(path, O_RDONLY | O_NONBLOCK))
  } catch {
    return undefined
  }
}

export function closeQuietly(handle: number): void {
  try {
    closeSync(handle)
  } catch {
    // Bytes that were written are written, or told of when synced.
  }
}

function checked(path: string, handle: number): number {
  if (fstatSync(handle).isFile()) return handle
  closeSync(handle)
  throw Object.assign(new Error(`ENOTSUP: it is no plain file, open '${path}'`), { code: 'ENOTSUP', syscall: 'open' })
}
