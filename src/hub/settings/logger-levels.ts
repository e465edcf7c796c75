// Levels of the loggers inside supervised processes: told by one file each, which also says what somebody has set while no hub ran.
import type { SeverityName } from '../../contracts/record.ts'
import { controlPath, readControls, writeControl, type LoggerControl } from '../../supervise/control-file.ts'

export interface LoggerLevels {
  /** Path of the file of a source, made where there is none. */
  fileOf(source: string): string
  /** Tells all loggers that have another level now. */
  tell(): void
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
  const told = new Map(readControls(directory).map((control) => [control.source, control]))
  for (const { source, level, isOwn } of told.values()) {
    const own = isOwn ? level : undefined
    const known = levelOf(source)
    if (own !== (known.isOwn ? known.level : undefined)) setMeanwhile(source, own)
  }
  tell()

  function tellOne(source: string): void {
    const { level, isOwn } = levelOf(source)
    const before = told.get(source)
    if (before && before.level === level && before.isOwn === isOwn) return
    try {
      writeControl(directory, { source, level, isOwn })
      told.set(source, { source, level, isOwn })
    } catch (error) {
      warn(`The loggers of ${source} cannot be told their level: ${(error as Error).message}`)
    }
  }

  function tell(): void {
    for (const source of told.keys()) tellOne(source)
  }

  return {
    fileOf(source) {
      tellOne(source)
      return controlPath(directory, source)
    },
    tell,
  }
}
