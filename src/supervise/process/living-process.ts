// A process under supervision, be it our own child (spawned here) or one that an earlier hub left behind (adopted).
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { RunExit } from '../../contracts/source-status.ts'
import { identify, lifeOf, type ProcessIdentity } from './identity.ts'
import { mayReadExit, readStat } from './proc-table.ts'
import type { OpenedInput } from '../standard-input.ts'

export interface LivingProcess {
  pid: number
  identity: ProcessIdentity
  exited: Promise<RunExit>
  /** Looks now, so that an exit need not wait to be noticed. */
  isAlive(): boolean
  /** Stops looking; the process goes on. */
  leave(): void
}

export interface SpawnRequest {
  vector: string[]
  directory: string
  environment: NodeJS.ProcessEnv
  input: OpenedInput['descriptor']
  /** Descriptors of standard output and error. */
  output: number[]
}

/** An adopted process does not tell us that it ended, so we look this often. */
const pollIntervalMs = 500

/**
 * Starts a process in a session and process group of its own: neither Ctrl-C in the hub's terminal nor the hub's death
 * reaches it. Rejects with the system's error.
 */
export async function spawnProcess(request: SpawnRequest): Promise<LivingProcess> {
  const [program = '', ...words] = request.vector
  const child = spawn(program, words, {
    cwd: request.directory,
    env: request.environment,
    stdio: [request.input, ...request.output],
    detached: true,
  })
  const failed = new Promise<never>((_, reject) => child.once('error', reject))
  if (child.pid === undefined) return failed
  // The process cannot be gone yet: until we return to the event loop nobody has asked how it ended.
  const identity = identify(child.pid)!
  failed.catch(() => {})
  child.unref()
  let over = false
  const exited = new Promise<RunExit>((resolve) => {
    child.once('exit', (code, signal) => {
      over = true
      resolve({ code, signal, at: Date.now(), known: true })
    })
  })
  return { pid: child.pid, identity, exited, isAlive: () => !over, leave: () => {} }
}

/** Watches over a process that is not our child. */
export function adoptProcess(identity: ProcessIdentity): LivingProcess {
  const { promise: exited, resolve } = Promise.withResolvers<RunExit>()
  const isAlive = () => {
    if (lifeOf(identity) === 'alive') return true
    clearInterval(timer)
    resolve(readExit(identity))
    return false
  }
  const timer = setInterval(isAlive, pollIntervalMs)
  timer.unref()
  return { pid: identity.pid, identity, exited, isAlive, leave: () => clearInterval(timer) }
}

/** How a process ended that is not our child: its zombie knows, if there is one. */
export function readExit(identity: ProcessIdentity | undefined): RunExit {
  const at = Date.now()
  const stat =
    identity && lifeOf(identity) === 'zombie' && mayReadExit(identity.pid) ? readStat(identity.pid) : undefined
  if (!stat || stat.startTicks !== identity?.startTime) return { code: null, signal: null, at, known: false }
  const number = stat.waitStatus & 0x7f
  const signal = Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? null
  return { code: number === 0 ? (stat.waitStatus >> 8) & 0xff : null, signal, at, known: true }
}
