// Settings from the environment, apart from the files, with names and complaints of their own.
import { resolve } from 'node:path'
import type { SeverityName } from '../contracts/record.ts'
import { logLevel, maxMemoryLogs, port } from './config-schema.ts'
import { explainIssue } from './explain-issue.ts'
import { configError, type Problem } from './problem.ts'

/** Settings that flags and environment share. Paths are absolute: they speak of the working directory, the file of its own. */
export interface Settings {
  stateDirectory?: string
  host?: string
  port?: number
  store?: string
  logLevel?: SeverityName
  maxMemoryLogs?: number
  sessionFilePath?: string
  /** Paths, absolute or relative to the configuration. */
  tls?: { cert: string; key: string }
}

/** LOGBOOM_STATE, LOGBOOM_PORT, LOGGING_LEVEL, MAX_MEMORY_LOGS and SESSION_LOG_PATH; an empty one is none. Throws `config-invalid`. */
export function readEnvironment(environment: NodeJS.ProcessEnv): Settings {
  const settings: Settings = {}
  const problems: Problem[] = []
  const { LOGBOOM_STATE: state, LOGBOOM_PORT: portText, LOGGING_LEVEL: level, SESSION_LOG_PATH: sessions } = environment
  if (state) settings.stateDirectory = resolve(state)
  if (sessions) settings.sessionFilePath = resolve(sessions)
  const memoryText = environment['MAX_MEMORY_LOGS']
  if (memoryText) {
    const value = asNumber(memoryText)
    const result = maxMemoryLogs.safeParse(value)
    if (result.success) settings.maxMemoryLogs = result.data
    else problems.push(...explainIssue(result.error.issues[0]!, value, []).map((found) => at('MAX_MEMORY_LOGS', found)))
  }
  if (portText) {
    const value = asNumber(portText)
    const result = port.safeParse(value)
    if (result.success) settings.port = result.data
    else problems.push(...explainIssue(result.error.issues[0]!, value, []).map((found) => at('LOGBOOM_PORT', found)))
  }
  if (level) {
    const result = logLevel.safeParse(level)
    if (result.success) settings.logLevel = result.data
    else problems.push(...explainIssue(result.error.issues[0]!, level, []).map((found) => at('LOGGING_LEVEL', found)))
  }
  if (problems.length > 0) throw configError('environment', problems)
  return settings
}

const asNumber = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text)

function at(name: string, problem: Problem): Problem {
  return { path: [name], message: problem.message }
}
