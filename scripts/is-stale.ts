// Whether what is built is older than what it is made of.
import { globSync, statSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')

/** `built`: a file; `sources`: globs. Both relative to the root. */
export function isStale(built: string, sources: readonly string[]): boolean {
  const files = globSync(sources, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] })
  return files.some((file) => !file.endsWith('.test.ts') && changedAt(file) > changedAt(built))
}

/** Unix milliseconds, 0 when it is not there. */
function changedAt(file: string): number {
  return statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
}
