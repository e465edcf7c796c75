// Identity of a process, beyond a number that the system gives out again: checked immediately before any signal.
import { execFileSync } from 'node:child_process'
import { bootId, hasProc, pidNamespace, readStat } from './proc-table.ts'

export interface ProcessIdentity {
  pid: number
  /** Clock ticks after boot; without /proc, Unix milliseconds as `ps` tells them, 0 when it does not. */
  startTime: number
  bootId: string
  pidNamespace: string
}

/** `zombie`: dead, but its parent has not yet asked how it ended, so that its number is still its own. */
export type Life = 'alive' | 'zombie' | 'gone'

export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = hasProc ? readStat(pid)?.startTicks : (startTimeFromPs(pid) ?? (answers(pid) ? 0 : undefined))
  return startTime === undefined ? undefined : { pid, startTime, bootId, pidNamespace }
}

export function lifeOf(identity: ProcessIdentity): Life {
  if (identity.bootId !== bootId || identity.pidNamespace !== pidNamespace) return 'gone'
  if (!hasProc) return lifeWithoutProc(identity)
  const stat = readStat(identity.pid)
  if (stat?.startTicks !== identity.startTime) return 'gone'
  return stat.state === 'Z' || stat.state === 'X' ? 'zombie' : 'alive'
}

/** Returns whether the process was there to get it. Rejected signals (another user's process) count as not there. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  return lifeOf(identity) === 'alive' && send(identity.pid, signal)
}

/** To the process group which this process leads. A zombie will do: as long as it is there, the group is its own. */
export function signalGroup(leader: ProcessIdentity, signal: NodeJS.Signals): boolean {
  return lifeOf(leader) !== 'gone' && send(-leader.pid, signal)
}

/** Without /proc the start time costs a command, so it is asked once, when an identity is first met. */
const met = new Map<string, boolean>()

function lifeWithoutProc(identity: ProcessIdentity): Life {
  if (!answers(identity.pid)) return 'gone'
  const key = `${identity.pid} ${identity.startTime}`
  const same = met.get(key) ?? (identity.startTime === 0 || startTimeFromPs(identity.pid) === identity.startTime)
  met.set(key, same)
  return same ? 'alive' : 'gone'
}

/** When a process started, by the `ps` that every Unix has. */
export function startTimeFromPs(pid: number): number | undefined {
  try {
    const time = Date.parse(
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'latin1',
        env: { ...process.env, LC_ALL: 'C' },
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim(),
    )
    return Number.isNaN(time) ? undefined : time
  } catch {
    return undefined
  }
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
