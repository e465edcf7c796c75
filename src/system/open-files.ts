// How many files this process may have open at once, sockets among them.
import { readFileSync } from 'node:fs'

/** Infinity where the system does not say. */
export function openFilesLimit(): number {
  try {
    return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity)
  } catch {
    return Infinity
  }
}
