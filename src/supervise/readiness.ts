// When a process can do its work, as opposed to having been started: a line that it prints, a port that answers, an address,
// a command that succeeds.
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { maskText } from '../secrets/mask-text.ts'
import { commandVector, formatCommand, type Command } from './command.ts'

export interface ReadyOptions {
  /** A linear-time regular expression that a line of this run matches. */
  log?: string | undefined
  /** Somebody takes connections there, on this machine. */
  port?: number | undefined
  /** Answers with a status from 200 to 399. */
  http?: string | undefined
  /** Ends with code 0. */
  command?: Command | undefined
  intervalMs: number
  timeoutMs: number
}

export interface ReadinessContext {
  /** Whether the run has a line that matches the regular expression. */
  hasLine(pattern: string): Promise<boolean>
  directory: string
  environment: () => NodeJS.ProcessEnv
}

/** Longest time of one attempt. */
const attemptMs = 5000

/** For people: "port 5432 answers". */
export function formatReady({ log, port, http, command }: ReadyOptions): string {
  if (log !== undefined) return maskText(`a line matches /${log}/`)
  if (port !== undefined) return `port ${port} answers`
  if (http !== undefined) return `${maskText(http)} answers`
  return `\`${formatCommand(command ?? '')}\` succeeds`
}

/** Resolves with whether it became so in time; rejects when aborted. */
export async function untilReady(
  options: ReadyOptions,
  context: ReadinessContext,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + options.timeoutMs
  for (;;) {
    if (await isReady(options, context, AbortSignal.any([signal, AbortSignal.timeout(attemptMs)]))) return true
    signal.throwIfAborted()
    if (performance.now() >= deadline) return false
    await sleep(options.intervalMs, undefined, { ref: false, signal })
  }
}

/** False, too, for an attempt that fails in whatever way. */
async function isReady(
  { log, port, http, command }: ReadyOptions,
  context: ReadinessContext,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    if (log !== undefined) return await context.hasLine(log)
    if (port !== undefined) return (await answers(port, '127.0.0.1', signal)) || (await answers(port, '::1', signal))
    if (http !== undefined) {
      const response = await fetch(http, { signal, redirect: 'manual' })
      await response.body?.cancel()
      return response.status >= 200 && response.status < 400
    }
    return await succeeds(command ?? '', context, signal)
  } catch {
    return false
  }
}

function answers(port: number, host: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, signal })
    const end = (does: boolean): void => {
      resolve(does)
      socket.destroy()
    }
    socket.on('connect', () => end(true)).on('error', () => end(false))
  })
}

function succeeds(
  command: Command,
  { directory, environment }: ReadinessContext,
  signal: AbortSignal,
): Promise<boolean> {
  const [program, ...words] = commandVector(command)
  const child = spawn(program!, words, { cwd: directory, env: environment(), stdio: 'ignore', signal })
  return new Promise((resolve) => child.on('error', () => resolve(false)).on('exit', (code) => resolve(code === 0)))
}
