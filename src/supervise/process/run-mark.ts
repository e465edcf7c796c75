// Marks that show which run a process belongs to, whatever it does about its parents, session and output: a variable in its
// environment, and a limit that every child inherits and that nobody else uses (decisions/017).
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { hasProc, readEnvironment, readLockLimit } from './proc-table.ts'

export const runVariable = 'LOGBOOM_RUN'

/** The run that a process says it belongs to; undefined when it says nothing. */
export function readMark(pid: number): string | undefined {
  return readEnvironment(pid, runVariable)
}

/** Whether a process has the limit of a run. */
export function hasLimitOf(pid: number, runId: string): boolean {
  return readLockLimit(pid) === limitOf(runId)
}

/** The command that starts another under the limit of a run; that other alone where the system cannot. */
export function underLimit(runId: string, vector: string[]): string[] {
  return canLimit() ? ['prlimit', `--locks=${limitOf(runId)}:`, '--', ...vector] : vector
}

const limitBits = 48

/** A number so large that it limits nothing, and that no other run has. */
function limitOf(runId: string): number {
  return Number.parseInt(
    createHash('sha256')
      .update(runId)
      .digest('hex')
      .slice(0, limitBits / 4),
    16,
  )
}

let known: boolean | undefined

/** Tried once: it may be missing, and a container may forbid it. */
function canLimit(): boolean {
  known ??= hasProc && succeeds('prlimit', [`--locks=${2 ** limitBits}:`, '--', 'true'])
  return known
}

function succeeds(program: string, words: string[]): boolean {
  try {
    execFileSync(program, words, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
