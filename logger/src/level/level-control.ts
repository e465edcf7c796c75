// The file in which people set the level of this process while it runs (C9): `{"level":"DEBUG"}`. It is replaced by rename, and may not be there.
import { readFileSync, statSync, watch, type FSWatcher } from 'node:fs'
import path from 'node:path'
import { tell, healed, reasonOf } from '../tell.ts'
import { levelHint, parseLevel } from './levels.ts'

export interface LevelControl {
  /** pino's label; undefined when the file sets none. */
  level(): string | undefined
  close(): void
}

/** The file system tells of changes at once; where it does not, this look does. */
const lookMs = 500

/** Calls `onChange` after the level has changed. */
export function openLevelControl(file: string, onChange: () => void): LevelControl {
  const directory = path.dirname(file)
  let level: string | undefined
  let seen = ''
  let watcher: FSWatcher | undefined

  function look(): void {
    watchDirectory()
    const stat = statSync(file, { throwIfNoEntry: false, bigint: true })
    const now = stat ? `${stat.ino} ${stat.mtimeNs} ${stat.size}` : ''
    if (now === seen) return
    seen = now
    const before = level
    level = stat ? readLevel(file, level) : undefined
    if (level !== before) onChange()
  }

  function tryLook(): void {
    try {
      look()
    } catch (error) {
      tell('control', `Cannot read ${file} (${reasonOf(error)}); levels stay as they are`)
    }
  }

  function watchDirectory(): void {
    if (watcher) return
    try {
      watcher = watch(directory, { persistent: false }, (_event, name) => {
        if (name === null || name === path.basename(file)) tryLook()
      })
      watcher.on('error', unwatch)
    } catch {
      // The directory is not there yet, or the system watches no more: the timer looks.
    }
  }

  function unwatch(): void {
    watcher?.close()
    watcher = undefined
  }

  tryLook()
  const timer = setInterval(tryLook, lookMs).unref()
  return {
    level: () => level,
    close() {
      clearInterval(timer)
      unwatch()
    },
  }
}

/** What is broken changes nothing, and is told once. */
function readLevel(file: string, before: string | undefined): string | undefined {
  try {
    const control = JSON.parse(readFileSync(file, 'utf8')) as { level?: unknown } | null
    const { level } = control ?? {}
    if (level === undefined || level === null) return undefined
    const parsed = typeof level === 'string' ? parseLevel(level) : undefined
    if (parsed === undefined) throw new Error(`level is ${JSON.stringify(level)}. ${levelHint}`)
    healed('control')
    return parsed
  } catch (error) {
    tell('control', `${file} is no control file (${reasonOf(error)}); levels stay as they are`)
    return before
  }
}
