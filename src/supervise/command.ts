// From the command as people write it to what is executed, with a clear error where it cannot be.
import { createHash } from 'node:crypto'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { LogboomError } from '../contracts/errors.ts'
import { maskCommandLine } from '../secrets/mask-command.ts'

/** Characters of a command that people are shown; scripts of megabytes would be masked for a second. */
const longestShown = 16_384

/** A string is for the shell, an array is executed as it stands. */
export type Command = string | string[]

/** Words that only the shell itself can act on, so that `exec` before them would fail or change their meaning. */
const shellOnly = new Set(
  `! . : [ alias bg break case cd command continue eval exec exit export fg for getopts hash if jobs local read readonly
  return select set shift source test time times trap type ulimit umask unalias unset until wait while {`.split(/\s+/),
)

/**
 * The argument vector. A simple command is run by `exec`, so that the process we see, signal and measure is the
 * program and not a shell that waits for it.
 */
export function commandVector(command: Command): string[] {
  if (Array.isArray(command)) return command
  return ['/bin/sh', '-c', simpleProgram(command) === undefined ? command : `exec ${command.trim()}`]
}

/** The command on one line, to be shown and kept: without its secrets, and of a very long one the beginning. */
export function formatCommand(command: Command): string {
  const line = lineOf(command)
  return line.length > longestShown ? `${maskCommandLine(line.slice(0, longestShown))} …` : maskCommandLine(line)
}

function lineOf(command: Command): string {
  if (typeof command === 'string') return command
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}

/**
 * Tells another command from this one, also where they differ in a secret alone. One in 65,536 is taken for the same: so few
 * digits are of no use to those who would try passwords until one fits. `salt`: of the run.
 */
export function commandCheck(command: Command, salt: string): string {
  return createHash('sha256')
    .update(`${salt} ${lineOf(command)}`)
    .digest('hex')
    .slice(0, 4)
}

/** False when another command was run. Of a process that is not configured any more, only the shown command is known. */
export function isSameCommand(
  command: Command,
  run: { runId: string; command: string; commandCheck?: string },
): boolean {
  if (run.command === command) return true
  const isChecked = run.commandCheck === undefined || run.commandCheck === commandCheck(command, run.runId)
  return isChecked && run.command === formatCommand(command)
}

/** Throws `command-not-found` while it can still be said plainly: the system would blame the command for a missing directory. */
export function checkCommand(command: Command, directory: string, path: string | undefined): void {
  if (!isDirectory(directory))
    throw new LogboomError('command-not-found', `working directory not found: ${directory}`, {
      hint: 'Correct `cwd` of the process.',
    })
  const program = Array.isArray(command) ? command[0] : simpleProgram(command)
  if (program === undefined) return
  const places = program.includes('/') ? [''] : (path ?? '/usr/bin:/bin').split(delimiter)
  if (!places.some((place) => isExecutable(resolve(directory, join(place, program)))))
    throw new LogboomError('command-not-found', `command not found: ${program}`)
}

/** The program's name where a command line is one program with arguments, undefined where it is a script. */
function simpleProgram(line: string): string | undefined {
  if (/[;&|\n(){}`#]/.test(line)) return undefined
  const word = /^\s*([\w@%+,./-]+)(?=\s|$)/.exec(line)?.[1]
  return word === undefined || shellOnly.has(word) ? undefined : word
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
