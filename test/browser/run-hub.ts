// A hub as its users run it: bin/logboom.js in a folder of its own, with real processes; it can be killed and come back.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type Client } from '../../src/client/index.ts'

export interface RunningHub {
  url: string
  directory: string
  client: Client
  /** `kill -9`: the processes live on. */
  kill(): Promise<void>
  /** Again at the same address, after `kill`. */
  start(): Promise<void>
  /** Stops the processes, too, whatever became of the hub, and leaves nothing behind. */
  close(): Promise<void>
}

const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(LOGBOOM_|LOGGING_|SESSION_LOG|MAX_MEMORY|NODE_)/.test(name)),
)

/** The configuration's `processes`. */
export async function runHub(processes: Record<string, object>): Promise<RunningHub> {
  const directory = await mkdtemp(path.join(tmpdir(), 'logboom-browser-'))
  await writeFile(path.join(directory, 'logboom.config.json'), JSON.stringify({ processes }))
  let hub: ChildProcess

  async function start(port: string): Promise<string> {
    hub = spawn(process.execPath, [bin, 'up', '--no-attach', '--port', port], { cwd: directory, env: environment })
    let said = ''
    for (const stream of [hub.stdout, hub.stderr]) stream?.on('data', (data) => (said += String(data)))
    for (const deadline = Date.now() + 30_000; Date.now() < deadline && hub.exitCode === null; await sleep(20)) {
      const state = await readFile(path.join(directory, '.logboom/hub.json'), 'utf8').catch(() => '{}')
      const { url, pid } = JSON.parse(state || '{}') as { url?: string; pid?: number }
      if (url && pid === hub.pid) return url
    }
    throw new Error(`The hub did not start.\n${said}`)
  }

  async function close(): Promise<void> {
    const down = spawn(process.execPath, [bin, 'down'], { cwd: directory, env: environment, stdio: 'inherit' })
    const [code] = (await once(down, 'exit')) as [number | null]
    await rm(directory, { recursive: true, force: true })
    if (code !== 0) throw new Error(`logboom down ended with ${code}`)
  }

  try {
    const url = await start('0')
    return {
      url,
      directory,
      client: connect(url),
      async kill() {
        const exit = once(hub, 'exit')
        hub.kill('SIGKILL')
        await exit
      },
      start: async () => void (await start(new URL(url).port)),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
