// A hub as its users run it: bin/logboom.js in a folder of its own, seen from outside only. It may be killed and started
// again there; whatever became of it, `close` leaves nothing of it behind. For tests and benchmarks alike.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type Client, type LogRecord } from '../src/client/index.ts'
import { readHubFile } from '../src/hub/hub-file.ts'

const bin = path.resolve(import.meta.dirname, '../bin/logboom.js')
/** Inherited by everything that starts in a place; its value is the place. */
const mark = 'HUB_PROCESS_PLACE'

const endTimeoutMs = 60_000

/** Places that are not closed. What a test that dies leaves in them must not live on. */
const places = new Set<string>()
process.on('exit', () => {
  for (const place of places) {
    while (endAllMarked(place) > 0);
    rmSync(place, { recursive: true, force: true })
  }
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(128 + constants.signals[signal]))

export interface CommandResult {
  code: number | string
  stdout: string
  stderr: string
}

export interface HubProcess {
  /** The working directory, with the configuration in it. */
  directory: string
  stateDirectory: string
  /** The same in every life of the hub. */
  readonly url: string
  readonly client: Client
  /** Of the hub, in its present life. */
  readonly pid: number
  /** Starts the hub and returns at once. */
  launch(): void
  /** Resolves when the launched hub serves. */
  ready(): Promise<void>
  /** `launch` and `ready`. */
  start(): Promise<void>
  /** `kill -9`; resolves when it is dead. */
  kill(): Promise<void>
  /** Resolves with the exit code once it has ended. */
  end(signal: NodeJS.Signals): Promise<number | null>
  /** What the hub's console showed since it was launched. */
  console(): string
  /** Another `logboom` command in the same place. */
  command(...words: string[]): Promise<CommandResult>
  /** All records that match, oldest first, page by page. */
  records(query: string): AsyncGenerator<LogRecord>
  /** CPU seconds, user and system, of the present life. */
  cpuSeconds(): number
  /** Resident now, and at most so far in the present life; MB of 1024 × 1024 bytes. */
  memoryMb(): { now: number; peak: number }
  /** Ends every process that was started in this place, and removes it. */
  close(): Promise<void>
}

export interface HubProcessOptions {
  /** The configuration's sections. */
  processes?: Record<string, object>
  files?: Record<string, object | string>
  syslog?: Record<string, object | number>
  journald?: Record<string, object>
  docker?: Record<string, object>
  jobs?: Record<string, object>
  stages?: object
  sinks?: object
  retention?: object
  server?: object
  agent?: object
}

/** Asked at each launch of a hub and of a command. */
export interface Surroundings {
  environment?: Record<string, string>
  /** The command that starts another in surroundings of its own. */
  under?: string[]
}

/** Words of the command that is launched, behind `logboom`; `port`: of the life before, or 0. */
export type LaunchWords = (port: string) => string[]

const launchHub: LaunchWords = (port) => ['up', '--no-attach', '--port', port]

/** A place with a configuration; nothing is started yet. */
export function prepareHub(
  config: HubProcessOptions,
  around: () => Surroundings = () => ({}),
  launched: LaunchWords = launchHub,
): HubProcess {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-hub-'))
  places.add(directory)
  const stateDirectory = path.join(directory, '.logboom')
  writeFileSync(path.join(directory, 'logboom.config.json'), JSON.stringify(config))
  const environment = () => ({
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(LOGBOOM_|LOGGING_|SESSION_LOG|MAX_MEMORY|NODE_)/.test(name)),
    ),
    [mark]: directory,
    ...around().environment,
  })
  const vectorOf = (words: string[]): [string, ...string[]] =>
    [...(around().under ?? []), process.execPath, bin, ...words] as [string, ...string[]]
  let hub: ChildProcess | undefined
  let said = ''
  let url = ''
  let key: string | undefined

  const alive = (): ChildProcess => {
    if (hub?.pid === undefined) throw new Error('The hub was not launched.')
    return hub
  }

  function launch(): void {
    said = ''
    const port = url === '' ? '0' : new URL(url).port
    const [program, ...words] = vectorOf(launched(port))
    hub = spawn(program, words, { cwd: directory, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [hub.stdout, hub.stderr]) stream?.on('data', (data) => (said += String(data)))
  }

  async function ready(): Promise<void> {
    const { pid } = alive()
    for (const deadline = Date.now() + 60_000; Date.now() < deadline && isRunning(alive()); await sleep(10)) {
      const file = readHubFile(stateDirectory)
      if (!file || file.pid !== pid) continue
      ;({ url, key } = file)
      return
    }
    throw new Error(`The hub did not start.\n${said}`)
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ending = alive()
    if (isRunning(ending)) {
      const exit = once(ending, 'exit', { signal: AbortSignal.timeout(endTimeoutMs) })
      ending.kill(signal)
      await exit.catch(() => Promise.reject(new Error(`The hub did not end after ${signal}.\n${said}`)))
    }
    return ending.exitCode
  }

  return {
    directory,
    stateDirectory,
    get url() {
      return url
    },
    get client() {
      return connect(url, { token: key })
    },
    get pid() {
      return alive().pid!
    },
    launch,
    ready,
    async start() {
      launch()
      await ready()
    },
    kill: async () => void (await end('SIGKILL')),
    end,
    console: () => said,
    command: (...words) =>
      new Promise((resolve) => {
        const options = { cwd: directory, env: environment(), timeout: 60_000, maxBuffer: 1 << 28 }
        const [program, ...rest] = vectorOf(words)
        execFile(program, rest, options, (error, stdout, stderr) =>
          resolve({ code: error ? (error.code ?? String(error.signal)) : 0, stdout, stderr }),
        )
      }),
    async *records(query) {
      const client = connect(url, { token: key })
      for (let after = 0; ;) {
        const { records, cursor, more } = await client.search({ query, after, order: 'oldest', limit: 10_000 })
        yield* records
        if (!more) return
        after = cursor
      }
    },
    cpuSeconds() {
      const fields = readFileSync(`/proc/${alive().pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
      return (Number(fields[11]) + Number(fields[12])) / 100
    },
    memoryMb() {
      const status = readFileSync(`/proc/${alive().pid}/status`, 'utf8')
      const kb = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1])
      return { now: kb('VmRSS') / 1024, peak: kb('VmHWM') / 1024 }
    },
    async close() {
      // What is being born while we look is found by the next look.
      while (endAllMarked(directory) > 0) await sleep(20)
      rmSync(directory, { recursive: true, force: true })
      places.delete(directory)
    },
  }
}

/** The same, and started. */
export async function startHub(config: HubProcessOptions): Promise<HubProcess> {
  const hub = prepareHub(config)
  try {
    await hub.start()
    return hub
  } catch (error) {
    await hub.close()
    throw error
  }
}

/** Resolves with what `condition` gives once that is true; rejects after `timeoutMs`. */
export async function until<Value>(
  what: string,
  condition: () => Value | false | undefined | Promise<Value | false | undefined>,
  timeoutMs = 30_000,
): Promise<Value> {
  for (const deadline = Date.now() + timeoutMs; ; await sleep(20)) {
    const value = await condition()
    if (value) return value
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for: ${what}`)
  }
}

/** False for a zombie, too: it is dead, whoever has not yet asked for its exit. */
export function isAlive(pid: number): boolean {
  const state = /^State:\s+(\w)/m.exec(readProc(pid, 'status') ?? '')?.[1]
  return state !== undefined && state !== 'Z' && state !== 'X'
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

/** Kills whatever lives with our mark in its environment; returns how many those were. */
function endAllMarked(directory: string): number {
  let count = 0
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!pid || !`\0${readProc(pid, 'environ')}`.includes(`\0${mark}=${directory}\0`) || !isAlive(pid)) continue
    try {
      process.kill(pid, 'SIGKILL')
      count++
    } catch {
      // Gone meanwhile.
    }
  }
  return count
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return undefined
  }
}
