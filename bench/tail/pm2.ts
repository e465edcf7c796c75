// PM2 as a supervisor that captures what its processes print: installed from npm for the time of the benchmark.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { keptIn, ownCpuSeconds, type OpenCollector } from './collector.ts'

export interface Pm2 {
  /** Of its daemon. */
  pid: number
  directory: string
  start(processes: Record<string, string[]>): void
  close(): void
}

/** A daemon of its own, with nothing to do; undefined, having said so, where npm cannot install it. */
export function openPm2(): Pm2 | undefined {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-bench-pm2-'))
  const close = (): void => rmSync(directory, { recursive: true, force: true })
  try {
    execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', directory, 'pm2@7'])
  } catch {
    console.log('npm could not install pm2: left out')
    close()
    return undefined
  }
  const bin = path.join(directory, 'node_modules/pm2/bin/pm2')
  const command = (...words: string[]): void => {
    execFileSync(process.execPath, [bin, ...words], { env: { ...process.env, PM2_HOME: directory }, stdio: 'ignore' })
  }
  command('ping')
  return {
    pid: Number(readFileSync(path.join(directory, 'pm2.pid'), 'utf8')),
    directory,
    start(processes) {
      const apps = Object.entries(processes).map(([name, [script, ...args]]) => {
        return { name, script, args, interpreter: 'none', autorestart: false }
      })
      writeFileSync(path.join(directory, 'apps.json'), JSON.stringify({ apps }))
      command('start', path.join(directory, 'apps.json'))
    },
    close() {
      command('kill')
      close()
    },
  }
}

export const pm2: OpenCollector = ({ command }) => {
  const daemon = openPm2()
  return Promise.resolve(
    daemon && {
      cpuSeconds: () => ownCpuSeconds(daemon.pid),
      feed: () => daemon.start({ app: command }),
      kept: () => keptIn(path.join(daemon.directory, 'logs/app-out.log')),
      close: daemon.close,
    },
  )
}
