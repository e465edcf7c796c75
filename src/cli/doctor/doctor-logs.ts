// The doctor's look at where log files are to be: whether they can be written there, and whether something else has their names.
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { logFilePath } from '../../sinks/log-names.ts'
import type { HubInfo } from '../../wire/hub-view.ts'
import type { Finding } from './finding.ts'

const what = 'log files'

/** A hub that runs there has looked itself: its word is taken. */
export function checkLogs(config: Config | undefined, hub: HubInfo | undefined): Finding[] {
  if (hub) {
    const hint = '`logboom logs source:logboom` tells since when; it ends by itself when the cause is gone.'
    return hub.trouble.map((text) => ({ what: 'trouble', verdict: 'warn', text, hint }))
  }
  if (!config) return []
  const { logFile, sessionFile } = config.sinks as Record<string, { directory?: string } | undefined>
  const logs = logFile && (logFile.directory ?? join(config.stateDirectory, 'logs'))
  const sessions = sessionFile && (sessionFile.directory ?? join(config.stateDirectory, 'sessions'))
  const directories = [logs, sessions].filter((directory) => directory !== undefined)
  const found = directories.flatMap((directory) => explainDirectory(directory) ?? [])
  if (logs !== undefined && found.length === 0)
    found.push(...config.sources.flatMap(({ name }) => explainFile(logFilePath(logs, name)) ?? []))
  if (found.length === 0) return [{ what, verdict: 'ok', text: directories.join(' and ') || 'none are wanted' }]
  return found.map((text) => ({ what, verdict: 'warn', text, hint: 'Lines are kept all the same, but not in files.' }))
}

function explainDirectory(directory: string): string | undefined {
  try {
    if (!existsSync(directory)) return explainParent(directory)
    if (!statSync(directory).isDirectory()) return `${directory} is no directory`
    accessSync(directory, constants.W_OK | constants.X_OK)
    return undefined
  } catch (error) {
    return `${directory} cannot be written: ${(error as Error).message}`
  }
}

function explainParent(directory: string): string | undefined {
  const parent = dirname(directory)
  const why = parent === directory ? 'nothing is there' : explainDirectory(parent)
  return why && `${directory} cannot be made: ${why}`
}

function explainFile(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat && !stat.isFile()) return `${file} is no plain file`
  try {
    if (stat) accessSync(file, constants.W_OK)
    return undefined
  } catch (error) {
    return `${file} cannot be written: ${(error as Error).message}`
  }
}
