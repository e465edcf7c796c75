// The environment that a process is started with, files of variables included. Apart from the state machine, because such a
// file is a person's text, and may be wrong.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { LogboomError } from '../contracts/errors.ts'
import type { SourceContext } from '../contracts/source.ts'
import { controlVariable } from './control-file.ts'

export interface EnvironmentOptions {
  /** Beats the files, which beat the hub's own environment; of several files the last that has the variable counts. */
  env: Record<string, string>
  /** Relative to the configuration's directory; read at every start. */
  envFile: string[]
  /** Ask the languages that buffer their output when it is not a terminal not to. */
  unbuffered: boolean
}

/** Throws `env-file-invalid` with file and line. */
export function readProcessEnvironment(
  options: EnvironmentOptions,
  { name, baseDirectory, controlFile }: Pick<SourceContext, 'name' | 'baseDirectory' | 'controlFile'>,
): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...(options.unbuffered && { PYTHONUNBUFFERED: '1' }),
    ...Object.assign({}, ...options.envFile.map((file) => readEnvironmentFile(file, baseDirectory))),
    ...options.env,
    LOGBOOM_PROCESS: name,
    [controlVariable]: controlFile(),
  }
}

function readEnvironmentFile(file: string, base: string): NodeJS.Dict<string> {
  let text
  try {
    text = readFileSync(resolve(base, file), 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    const message = `environment file cannot be read: ${(cause as Error).message}`
    throw new LogboomError('env-file-invalid', message, { cause })
  }
  const wrong = findWrongLine(text)
  // The line itself may hold a secret and is not shown.
  if (wrong) throw new LogboomError('env-file-invalid', `${file}:${wrong.line}: ${wrong.message}`)
  return parseEnv(text)
}

/** The first line that Node's parser would pass over in silence. */
function findWrongLine(text: string): { line: number; message: string } | undefined {
  const lines = text.split(/\r?\n/)
  for (let at = 0; at < lines.length; at++) {
    if (/^\s*(#|$)/.test(lines[at]!)) continue
    const assignment = /^\s*(?:export\s+)?[\w.-]+\s*=\s*(.*)$/.exec(lines[at]!)
    if (!assignment) return { line: at + 1, message: 'this line is not of the form NAME=value' }
    const quote = /^["'`]/.exec(assignment[1]!)?.[0]
    if (quote === undefined || assignment[1]!.includes(quote, 1)) continue
    const end = lines.findIndex((line, index) => index > at && line.includes(quote))
    if (end < 0) return { line: at + 1, message: 'the quote that begins here is never closed' }
    at = end
  }
  return undefined
}
