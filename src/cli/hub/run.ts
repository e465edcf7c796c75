// `logboom run -- CMD`: one command in the foreground. Shows its output, passes Ctrl-C on, ends when it ends, with its exit code.
import { resolve } from 'node:path'
import { configForCommand } from '../../config/load-config.ts'
import type { Hub } from '../../hub/hub.ts'
import { severities, type SeverityName } from '../../contracts/record.ts'
import type { RunExit, SourceStatus } from '../../contracts/source-status.ts'
import type { ProcessOptions } from '../../supervise/process-options.ts'
import { outliveOutput } from '../closed-output.ts'
import { formatCommandLine, formatHubLine } from '../logs/console-line.ts'
import { exitCodeOf, watchEndSignals, type EndSignal, type EndSignals } from '../end-signals.ts'
import { showOutput } from './show-output.ts'
import { mayPassInput } from './own-input.ts'
import { giveUp, stopHub } from './stop-hub.ts'
import { createPaint, wantsColor } from '../terminal-style.ts'

export interface RunOptions {
  name?: string
  restart: 'always' | 'on-failure' | 'never'
  port?: number
  state?: string
  store: boolean
  level?: SeverityName
  debug?: boolean
}

/** Exit code of shells for a command that is not there. */
const notFoundCode = 127

export async function run(command: string[], options: RunOptions): Promise<void> {
  const { name, restart, port, state, store, level = options.debug ? 'DEBUG' : undefined } = options
  const config = await configForCommand(command, {
    directory: process.cwd(),
    environment: process.env,
    restart,
    ...(name === undefined ? {} : { name }),
    overrides: {
      ...(state === undefined ? {} : { stateDirectory: resolve(state) }),
      ...(port === undefined ? {} : { port }),
      ...(store ? {} : { store: 'memory' }),
      ...(level === undefined ? {} : { logLevel: level }),
    },
  })
  const { name: source, options: processOptions } = config.sources[0]!
  if (mayPassInput()) Object.assign(processOptions as ProcessOptions, { stdin: 'inherit' })
  outliveOutput()
  const signals = watchEndSignals()
  const colors = { stdout: wantsColor(process.stdout), stderr: wantsColor(process.stderr) }
  const say = (text: string): void => console.error(createPaint(colors.stderr)('dim', `logboom: ${text}`))
  const { openHub } = await import('../../hub/hub.ts')
  const hub = await openHub(config, {
    onEvent: (line) => {
      // The command's fate is seen here anyway; only trouble of our own and restarts are worth a line.
      const isOurs = line.pid === process.pid || restart !== 'never'
      if (isOurs && line.severity >= severities.WARNING) console.error(formatHubLine(line, { color: colors.stderr }))
    },
  })
  say(`dashboard at ${hub.url}`)
  try {
    process.exitCode = await showUntilOver(hub, source, signals, say, (record, isKept) => {
      if (record.kind === 'event' || !hub.settings.shows(record)) return
      const stream = record.stream === 'stderr' ? 'stderr' : 'stdout'
      process[stream].write(`${formatCommandLine(record, { color: colors[stream], isKept })}\n`)
    })
  } catch (error) {
    await giveUp(hub, error)
  }
  process.exit()
}

/** Gives the exit code. */
async function showUntilOver(
  hub: Hub,
  source: string,
  signals: EndSignals,
  say: (text: string) => void,
  show: Parameters<typeof showOutput>[2],
): Promise<number> {
  const shown = await showOutput(hub.storage, { session: hub.session, source }, show)
  await startAnew(hub, source)
  const end = await Promise.race([
    untilOver(hub, source),
    signals.first,
    hub.closed.then(() => hub.sources.get(source)!.status()),
  ])
  const { close, status } = hub.sources.get(source)!
  const closeAll = async (signal?: NodeJS.Signals): Promise<void> => {
    // The last words of the command are shown as long as there is a store to read them from.
    await close({ keep: false, signal })
    await shown.caughtUp()
    await hub.close({ keep: false })
  }
  if (typeof end !== 'string') {
    await Promise.race([closeAll(), signals.first])
    shown.close()
    return exitCodeOfRun(end)
  }
  const wasAlive = status().pid !== undefined
  await stopHub(hub, signals, say, () => closeAll(isPassedOn(end) ? end : undefined))
  shown.close()
  const { exit } = status()
  return wasAlive && exit?.known ? exitCodeOfExit(exit) : exitCodeOf(end)
}

/** A hang-up asks many programs to read their configuration again. */
const isPassedOn = (signal: EndSignal): boolean => signal !== 'SIGHUP'

const overStates = new Set(['exited', 'crashed', 'stopped'])

/** A run that ended while no hub was looking is history, not what was asked for now. */
async function startAnew(hub: Hub, name: string): Promise<void> {
  const source = hub.sources.get(name)
  const { state, startedAt = 0, exit } = source!.status()
  const isOld = overStates.has(state) && exit !== undefined && startedAt < hub.status().hub.startedAt
  if (isOld && startedAt > 0) await source!.control?.('start').catch(() => undefined)
}

function untilOver(hub: Hub, name: string): Promise<SourceStatus> {
  return new Promise((resolve_) => {
    const look = (): boolean => {
      const status = hub.sources.get(name)!.status()
      const over = overStates.has(status.state) && status.restartAt === undefined
      if (over) resolve_(status)
      return over
    }
    if (look()) return
    const end = hub.onStatus(() => look() && end())
  })
}

function exitCodeOfRun({ exit, startedAt, detail }: SourceStatus): number {
  if (startedAt === undefined) {
    if (detail) console.error(`logboom: ${detail}`)
    return notFoundCode
  }
  return exit ? exitCodeOfExit(exit) : 1
}

function exitCodeOfExit({ code, signal }: RunExit): number {
  return signal ? exitCodeOf(signal as NodeJS.Signals) : (code ?? 1)
}
