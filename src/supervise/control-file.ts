// The file in which the loggers of a process find the level that somebody has set for them: told while they run, without a hub, too.
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { LogboomError } from '../contracts/errors.ts'
import { severities, type SeverityName } from '../contracts/record.ts'
import { makeDirectory } from '../system/make-directory.ts'
import { asideName, replaceFile } from '../system/new-file.ts'
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

/** Makes the file, or puts it in the place of the one before; a directory there is put aside. Throws `state-unusable`. */
export function writeControl(directory: string, control: LoggerControl): void {
  const path = controlPath(directory, control.source)
  try {
    makeDirectory(directory)
    if (isDirectory(path)) renameSync(path, asideName(path))
    replaceFile(path, `${JSON.stringify(control)}\n`)
  } catch (cause) {
    const isObstructed = existsSync(directory) && !isDirectory(directory)
    const why = isObstructed ? `${directory} is no directory; move it away` : (cause as Error).message
    throw new LogboomError('state-unusable', `The loggers of ${control.source} cannot be told their level: ${why}`, {
      cause,
      ...(isObstructed ? { hint: 'Once it is gone, set the level again; a running hub does so by itself.' } : {}),
    })
  }
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** All that can be read; one that is damaged is as good as absent. */
export function readControls(directory: string): LoggerControl[] {
  return listNames(directory).flatMap((name) => {
    const read = readFile(join(directory, name))
    return read && join(directory, name) === controlPath(directory, read.source) ? [read] : []
  })
}

/** Undefined: it is not there, or damaged. */
export function readControl(directory: string, source: string): LoggerControl | undefined {
  const read = readFile(controlPath(directory, source))
  return read?.source === source ? read : undefined
}

function readFile(path: string): LoggerControl | undefined {
  try {
    return content.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}

function listNames(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.json'))
  } catch {
    return []
  }
}
