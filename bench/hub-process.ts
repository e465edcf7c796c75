// A hub started as its users start it, in an empty folder, with what it costs read from outside.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const bin = new URL('../bin/logboom.js', import.meta.url).pathname

export interface HubProcess {
  url: string
  directory: string
  /** CPU seconds, user and system, so far. */
  cpuSeconds(): number
  /** Resident now, and at most so far; MB. */
  memoryMb(): { now: number; peak: number }
  command(...args: string[]): Promise<void>
  stop(): Promise<void>
}

export async function startHub(processes: Record<string, object>): Promise<HubProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-bench-'))
  writeFileSync(join(directory, 'logboom.config.json'), JSON.stringify({ processes, server: { port: 0 } }))
  const hub = spawn(process.execPath, [bin, 'up'], { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] })
  const url = await addressOf(hub, join(directory, '.logboom/hub.json'))
  return {
    url,
    directory,
    cpuSeconds() {
      const fields = readFileSync(`/proc/${hub.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
      return (Number(fields[11]) + Number(fields[12])) / 100
    },
    memoryMb() {
      const status = readFileSync(`/proc/${hub.pid}/status`, 'utf8')
      const kb = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1])
      return { now: kb('VmRSS') / 1000, peak: kb('VmHWM') / 1000 }
    },
    async command(...args) {
      const command = spawn(process.execPath, [bin, ...args], {
        cwd: directory,
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      await once(command, 'exit')
    },
    async stop() {
      const exit = once(hub, 'exit')
      hub.kill('SIGTERM')
      await exit
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function addressOf(hub: ChildProcess, path: string): Promise<string> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await delay(20)) {
    if (hub.exitCode !== null) break
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { url: string }).url
  }
  hub.kill('SIGKILL')
  throw new Error('The hub did not start')
}
