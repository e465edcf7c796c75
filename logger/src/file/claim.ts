// Claims on log files, each beside its file and void when its process is dead, so that two never rotate one file. The second writer of
// `worker.log` gets `worker.2.log`.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { threadId } from 'node:worker_threads'

export interface Claim {
  /** The file that is claimed. */
  file: string
  /** 1, or the number in its name. */
  number: number
  /** False after others have removed it, as with the whole directory. */
  isHeld(): boolean
  release(): void
}

interface Owner {
  pid: number
  /** Clock ticks after boot; 0 where the system does not tell. */
  startTime: number
  thread: number
}

const mostWriters = 1000

/** `directory/base.log`, or the first of `base.2.log` … that nobody living has claimed. Throws what the system says of the directory. */
export function claimFile(directory: string, base: string): Claim {
  for (let number = 1; number <= mostWriters; number++) {
    const name = number === 1 ? `${base}.log` : `${base}.${number}.log`
    const claim = tryClaim(path.join(directory, `.${name}.owner`))
    if (claim) return { file: path.join(directory, name), number, ...claim }
  }
  throw new Error(`${mostWriters} processes write ${base}.log already`)
}

function tryClaim(place: string): Pick<Claim, 'isHeld' | 'release'> | undefined {
  const own: Owner = { pid: process.pid, startTime: startTimeOf(process.pid) ?? 0, thread: threadId }
  const text = JSON.stringify(own)
  // The content is there at once, with the name: nobody reads half a claim.
  const isHeld = (): boolean => readFileOrNothing(place) === text
  const prepared = `${place}.${process.pid}.${threadId}`
  rmSync(prepared, { force: true })
  // Never through a link that somebody has put there.
  writeFileSync(prepared, text, { flag: 'wx', mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        linkSync(prepared, place)
        return { isHeld, release: () => isHeld() && rmSync(place, { force: true }) }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const holder = readFileOrNothing(place)
      // A second copy of this module in the same thread: the file is shared, and goes with the first.
      if (holder === text) return { isHeld, release: () => {} }
      if (isAlive(holder)) return undefined
      takeAway(place, `${prepared}.stale`)
    }
    return undefined
  } finally {
    rmSync(prepared, { force: true })
  }
}

/** Removes the claim of a dead process. One that somebody living has made in between is put back. */
function takeAway(place: string, aside: string): void {
  try {
    renameSync(place, aside)
    if (isAlive(readFileOrNothing(aside))) linkSync(aside, place)
  } catch {
    // Another process was faster; the next attempt meets its claim.
  } finally {
    rmSync(aside, { force: true })
  }
}

function readFileOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function isAlive(claim: string): boolean {
  let owner: Partial<Owner>
  try {
    owner = JSON.parse(claim) as Partial<Owner>
  } catch {
    return false
  }
  const { pid, startTime } = owner
  if (typeof pid !== 'number') return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const found = startTimeOf(pid)
  return found === undefined || (found !== 0 && (!startTime || found === startTime))
}

/** Clock ticks after boot, as /proc tells them; 0 of a process that is dead and not waited for yet; undefined without /proc. */
function startTimeOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name of the program stands in parentheses and may hold any character.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' || state === 'X' ? 0 : Number(rest[18])
  } catch {
    return undefined
  }
}
