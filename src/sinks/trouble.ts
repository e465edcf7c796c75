// Tells people of trouble once while it lasts, and of what it cost when it is over, so that a failing disk never makes
// the log grow by itself (C13).
import type { SinkContext } from '../contracts/sink.ts'

/** Trouble that comes and goes is not told again so soon. */
const quietMs = 60_000

export interface Trouble {
  /** True when it was told; false when it lasts, or was told a moment ago. */
  report(key: string, message: string): boolean
  heal(key: string): void
  /** Trouble that lasts, for people; undefined when all is well there. */
  lasting(key: string): string | undefined
  all(): string[]
}

/** Key of the trouble with one log file. */
export const fileKey = (path: string): string => `file ${path}`

export function createTrouble(context: Pick<SinkContext, 'warn' | 'now'>): Trouble {
  const lasting = new Map<string, string>()
  const toldAt = new Map<string, number>()
  return {
    report(key, message) {
      if (lasting.has(key)) return false
      lasting.set(key, message)
      const now = context.now()
      const before = toldAt.get(key)
      if (before !== undefined && Math.abs(now - before) < quietMs) return false
      toldAt.set(key, now)
      context.warn(message)
      return true
    },
    heal(key) {
      lasting.delete(key)
    },
    lasting: (key) => lasting.get(key),
    all: () => [...lasting.values()],
  }
}

/** The words of an error of the file system: `ENOSPC: no space left on device`. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+( '.*)?$/s, '') : String(error)
}

export function isDiskFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOSPC' || code === 'EDQUOT'
}
