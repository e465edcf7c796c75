// Applications for tests: a folder of their own with a package.json, and code that imports the logger as users do.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

const entry = pathToFileURL(path.join(import.meta.dirname, 'index.ts')).href

export interface RunningApp {
  child: ChildProcess
  pid: number
  stdout(): string
  stderr(): string
  /** Resolves with code or signal once all output is there. */
  ended: Promise<number | string | null>
}

export interface AppFolder {
  directory: string
  /** Log directory for code: `logs` in the folder. */
  logs: string
  /** Reads a file of `logs`. */
  read(name: string): string
  /** Starts code in which `getLogger` and all the rest are imported, and `logDir` is `logs`. */
  start(code: string, environment?: NodeJS.ProcessEnv, ...words: string[]): RunningApp
  run(
    code: string,
    environment?: NodeJS.ProcessEnv,
    ...words: string[]
  ): Promise<{ code: number | string | null; stdout: string; stderr: string }>
}

export function makeAppFolder(t: TestContext, name = '@shop/api'): AppFolder {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-app-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  writeFileSync(path.join(directory, 'package.json'), JSON.stringify({ name, type: 'module' }))
  const logs = path.join(directory, 'logs')
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(LOGBOOM_|LOG_LEVEL|NO_COLOR|FORCE_COLOR|NODE_TEST)/.test(key)),
  )
  let count = 0

  function start(code: string, environment: NodeJS.ProcessEnv = {}, ...words: string[]): RunningApp {
    const file = path.join(directory, 'src', `app-${++count}.ts`)
    const head = [
      `import * as logboom from ${JSON.stringify(entry)}`,
      `const { auditLog, closeLoggers, getLogger, getLoggerFromEnv, getLogStream, setupLogStreaming, withContext } = logboom`,
      `const logDir = ${JSON.stringify(logs)}`,
    ].join('; ')
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, `${head}\n${code}`)
    const child = spawn(process.execPath, [file, ...words], { cwd: directory, env: { ...clean, ...environment } })
    t.after(() => child.kill('SIGKILL'))
    const said = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text))
    const ended = once(child, 'close').then(([exit, signal]) => (exit ?? signal) as number | string | null)
    return { child, pid: child.pid!, stdout: () => said.stdout, stderr: () => said.stderr, ended }
  }

  return {
    directory,
    logs,
    read: (file) => readFileSync(path.join(logs, file), 'utf8'),
    start,
    async run(code, environment, ...words) {
      const app = start(code, environment, ...words)
      const exit = await app.ended
      return { code: exit, stdout: app.stdout(), stderr: app.stderr() }
    },
  }
}

/** Waits until `look` gives something; throws with `what` after 20 s. */
export async function until<Found>(what: string, look: () => Found | undefined | false): Promise<Found> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(5)) {
    const found = look()
    if (found !== undefined && found !== false) return found
  }
  throw new Error(`waited for ${what}`)
}
