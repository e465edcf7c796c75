// The file in which the loggers of a process find the level that somebody has set for them: told while they run, without a hub, too.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { severities, type SeverityName } from '../contracts/record.ts'
import { makeDirectory } from '../system/make-directory.ts'
import { replaceFile } from '../system/new-file.ts'
import { encodeName } from './capture-files.ts'

/** Variable in the environment of processes. */
export const controlVariable = 'LOGBOOM_CONTROL'

/** Content of a control file, as JSON. */
export interface LoggerControl {
  source: string
  /** Absent: the level that the logger has by itself. */
  level?: SeverityName | undefined
  /** The level was set for this source, not for all. */
  isOwn?: boolean | undefined
}

const content: z.ZodType<LoggerControl> = z.object({
  source: z.string(),
  level: z.enum(Object.keys(severities) as SeverityName[]).optional(),
  isOwn: z.boolean().optional(),
})

export const controlDirectory = (stateDirectory: string): string => join(stateDirectory, 'control')

export const controlPath = (directory: string, source: string): string => join(directory, `${encodeName(source)}.json`)

/** Makes the file, or puts it in the place of the one before. Throws what the system says. */
export function writeControl(directory: string, control: LoggerControl): void {
  makeDirectory(directory)
  replaceFile(controlPath(directory, control.source), `${JSON.stringify(control)}\n`)
}

/** All that can be read; one that is damaged is as good as absent, and written anew when its level changes. */
export function readControls(directory: string): LoggerControl[] {
  return listNames(directory).flatMap((name) => {
    try {
      const read = content.parse(JSON.parse(readFileSync(join(directory, name), 'utf8')))
      return join(directory, name) === controlPath(directory, read.source) ? [read] : []
    } catch {
      return []
    }
  })
}

function listNames(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.json'))
  } catch {
    return []
  }
}
