// Levels of the loggers inside supervised processes: told by one file each, which also says what somebody has set while no hub ran.
import { statSync } from 'node:fs'
import type { SeverityName } from '../../contracts/record.ts'
import {
  controlPath,
  readControl,
  readControls,
  writeControl,
  type LoggerControl,
} from '../../supervise/control-file.ts'

export interface LoggerLevels {
  /** Path of the file of a source, made where there is none. */
  fileOf(source: string): string
  /** Tells all loggers that have another level now, and those whose files somebody has taken away. */
  tell(): void
  /** Notices whether somebody has taken files away, and tells again; true when there is another trouble than before. */
  tend(): boolean
  /** Loggers that cannot be told, one sentence each. */
  trouble(): string[]
}

/** A level, and whether it was set for this source, or for all. */
export type LevelOf = (source: string) => Pick<LoggerControl, 'level' | 'isOwn'>

interface LoggerLevelsOptions {
  directory: string
  levelOf: LevelOf
  /** Somebody has set, or taken back, a level while no hub ran. */
  setMeanwhile(source: string, level: SeverityName | undefined): void
  warn(message: string): void
}

export function openLoggerLevels({ directory, levelOf, setMeanwhile, warn }: LoggerLevelsOptions): LoggerLevels {
  const troubles = new Map<string, string>()
  const told = new Map<string, LoggerControl>(readControls(directory).map((control) => [control.source, control]))
  for (const { source, level, isOwn } of told.values()) {
    const own = isOwn ? level : undefined
    const known = levelOf(source)
    if (own !== (known.isOwn ? known.level : undefined)) setMeanwhile(source, own)
  }
  /** Time of the last change in the directory, when all files in it were as they should be. */
  let seen: number | undefined
  tell()

  function tellOne(source: string): void {
    const { level, isOwn } = levelOf(source)
    const wanted = { source, level, isOwn }
    told.set(source, wanted)
    const there = readControl(directory, source)
    if (there && there.level === level && there.isOwn === isOwn) return void troubles.delete(source)
    try {
      writeControl(directory, wanted)
      troubles.delete(source)
    } catch (error) {
      const { message } = error as Error
      if (troubles.get(source) !== message) warn(message)
      troubles.set(source, message)
    }
  }

  function tell(): void {
    const changedAt = changeTime(directory)
    for (const source of told.keys()) tellOne(source)
    seen = troubles.size > 0 ? undefined : changedAt
  }

  return {
    fileOf(source) {
      tellOne(source)
      return controlPath(directory, source)
    },
    tell,
    tend() {
      const before = [...troubles.values()].join()
      if (told.size > 0 && (seen === undefined || changeTime(directory) !== seen)) tell()
      return [...troubles.values()].join() !== before
    },
    trouble: () => [...troubles.values()],
  }
}

/** Files that come and go change it. Undefined: the directory is not there, or not to be seen. */
function changeTime(directory: string): number | undefined {
  try {
    return statSync(directory).mtimeMs
  } catch {
    return undefined
  }
}
