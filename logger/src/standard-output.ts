// Standard output as a place for lines, by its descriptor: an error on it never reaches the application, and what was written is out after `kill -9`.
import { fstatSync, readlinkSync } from 'node:fs'
import { isatty } from 'node:tty'
import { createLineEncoder } from './file/line-encoder.ts'
import { writeFully } from './file/write-fully.ts'
import { reasonOf, tell } from './tell.ts'

export interface StandardOutput {
  /** Returns the bytes written, 0 when the line is lost. */
  write(line: string): number
  /** Lines that could not be written. */
  lost(): number
}

/** A reader that stays away may hold up one record for so long; the following ones no more until it reads again. */
const patienceMs = 1000

export function openStandardOutput(): StandardOutput {
  const encoder = createLineEncoder()
  let isGone = false
  let isStuck = false
  /** The last line was written in part: the next begins on a line of its own. */
  let isTorn = false
  let lost = 0
  return {
    lost: () => lost,
    write(line) {
      if (isGone) return 0
      const whole = isTorn ? `\n${line}` : line
      const size = encoder.encode(whole)
      const { written, error } = writeFully(1, encoder.bytes(), size, isStuck ? 0 : patienceMs)
      if (written === size) {
        isStuck = isTorn = false
        return size
      }
      lost++
      if (written > 0) isTorn = true
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EAGAIN') isStuck = true
      // The reader of a pipe has gone, or there never was a standard output: no reason to tell anybody.
      else if (code === 'EPIPE' || code === 'EBADF') isGone = true
      else tell('standard output', `Cannot write to standard output (${reasonOf(error)}); lines are missing there`)
      return 0
    },
  }
}

/** Colours for a terminal that wants them: NO_COLOR and TERM=dumb say no, FORCE_COLOR says yes. */
export function wantsColor(environment: NodeJS.ProcessEnv = process.env): boolean {
  if (environment['NO_COLOR']) return false
  if (environment['FORCE_COLOR'] !== undefined) return environment['FORCE_COLOR'] !== '0'
  return isatty(1) && environment['TERM'] !== 'dumb'
}

/**
 * Whether a hub reads standard output (A2): LOGBOOM_RUN is set, and descriptor 1 is a capture file of the hub (`7.stdout`) or a FIFO, as in
 * `app | grep -v noise`. A descendant with its output elsewhere — a terminal, /dev/null, a file of its own, the socket that Node's
 * `spawn` makes — is read by somebody who expects no JSON, or by nobody: it writes its own file and console.
 */
export function isSupervised(environment: NodeJS.ProcessEnv = process.env): boolean {
  if (!environment['LOGBOOM_RUN']) return false
  try {
    const stat = fstatSync(1)
    return stat.isFIFO() || (stat.isFile() && isCaptureFile())
  } catch {
    return false
  }
}

function isCaptureFile(): boolean {
  let target
  try {
    target = readlinkSync('/proc/self/fd/1')
  } catch {
    // Without /proc any file will do.
    return true
  }
  return /[\\/]\d+\.stdout( \(deleted\))?$/.test(target)
}
