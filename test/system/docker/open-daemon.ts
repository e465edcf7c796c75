// A real container engine of a test's own, in a directory of its own: nothing of the machine's is touched, and no network is needed.
// Its one image is busybox, packed here.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findTool } from '../../../scripts/ensure-system.ts'

export interface Daemon {
  /** Absolute path. */
  socket: string
  readonly pid: number
  /** Docker's own command; gives its standard output. */
  docker(...words: string[]): Promise<string>
  /** Runs a shell in a new container in the background. */
  run(name: string, script: string, ...options: string[]): Promise<string>
  /** What the engine itself has of a container's log now: the oracle. */
  logs(name: string): Promise<{ stdout: string[]; stderr: string[] }>
  start(): Promise<void>
  /** `kill -9`; containers go on. */
  kill(): Promise<void>
  close(): Promise<void>
}

interface DaemonOptions {
  more?: readonly string[]
  inMemory?: boolean
}

export const image = 'logboom-test/busybox:1'
const call = promisify(execFile)
const mostOutput = 512 * 1024 * 1024

/** `more`: options of the engine. `inMemory`: of large images, which take minutes on disks that are slow to sync. */
export async function openDaemon({ more = [], inMemory = false }: DaemonOptions = {}): Promise<Daemon> {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-docker-'))
  const socket = path.join(directory, 'docker.sock')
  const data = path.join(directory, 'data')
  mkdirSync(data)
  const storageDriver = inMemory ? await moveIntoMemory(data) : 'vfs'
  let daemon: ChildProcess | undefined
  let said = ''

  async function docker(...words: string[]): Promise<string> {
    const { stdout } = await call(findTool('docker')!, ['--host', `unix://${socket}`, ...words], {
      maxBuffer: mostOutput,
    })
    return stdout
  }

  async function start(): Promise<void> {
    const options = [
      '--iptables=false',
      '--bridge=none',
      `--storage-driver=${storageDriver}`,
      '--live-restore',
      `--data-root=${data}`,
      `--exec-root=${path.join(directory, 'exec')}`,
      `--pidfile=${path.join(directory, 'pid')}`,
      `--host=unix://${socket}`,
      ...more,
    ]
    rmSync(path.join(directory, 'pid'), { force: true })
    await containerdEnds()
    // A zombie that nobody buries passes for one that is running.
    rmSync(path.join(directory, 'exec', 'containerd', 'containerd.pid'), { force: true })
    daemon = spawn(findTool('dockerd')!, options, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    for (const stream of [daemon.stdout, daemon.stderr])
      stream?.on('data', (text) => (said = (said + String(text)).slice(-8000)))
    for (const deadline = Date.now() + 60_000; ; await sleep(100)) {
      if (daemon.exitCode !== null || Date.now() > deadline) throw new Error(`dockerd did not start\n${said}`)
      try {
        await docker('version', '--format', '{{.Server.Version}}')
        return
      } catch {
        // It listens in a moment.
      }
    }
  }

  /** It ends with its engine, though not at once, and the next one would wait for it in vain. */
  async function containerdEnds(): Promise<void> {
    for (let tries = 0; ownProcesses('containerd\0').length > 0; tries++) {
      if (tries === 50) for (const pid of ownProcesses('containerd\0')) process.kill(pid, 'SIGKILL')
      await sleep(100)
    }
  }

  /** Whatever was started with a path of this directory in its command, which begins so. */
  function ownProcesses(begin = ''): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((name) => {
        try {
          const command = readFileSync(`/proc/${name}/cmdline`, 'latin1')
          return command.includes(directory) && command.split('/').some((word) => word.startsWith(begin))
        } catch {
          return false
        }
      })
      .map(Number)
      .filter((pid) => pid !== process.pid)
  }

  async function kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return
    const ended = once(daemon, 'exit')
    daemon.kill('SIGCONT')
    daemon.kill(signal)
    await ended
  }

  const end = (): void => {
    for (const pid of ownProcesses())
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // Gone meanwhile.
      }
  }
  // A test that is ended from outside leaves no engine behind.
  process.once('exit', end)
  await start()
  await docker('import', await packImage(directory), image)
  return {
    socket,
    get pid() {
      return daemon!.pid!
    },
    docker,
    run: (name, script, ...options) =>
      docker('run', '-d', '--network=none', `--name=${name}`, ...options, image, 'sh', '-c', script),
    async logs(name) {
      const { stdout, stderr } = await call(findTool('docker')!, ['--host', `unix://${socket}`, 'logs', name], {
        maxBuffer: mostOutput,
      })
      return { stdout: linesOf(stdout), stderr: linesOf(stderr) }
    },
    start,
    kill,
    async close() {
      if (daemon?.exitCode !== null || daemon.signalCode !== null) await start().catch(() => undefined)
      const all = (await docker('ps', '-aq').catch(() => '')).split('\n').filter((id) => id !== '')
      if (all.length > 0) await docker('rm', '-f', ...all).catch(() => undefined)
      await kill('SIGTERM')
      end()
      process.off('exit', end)
      for (const mount of mountsUnder(directory)) await call('umount', ['--lazy', mount]).catch(() => undefined)
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Only where layers can share what they have in common: as copies of the whole, each, they would be too large. */
async function moveIntoMemory(data: string): Promise<'overlay2' | 'vfs'> {
  await call('mount', ['-t', 'tmpfs', '-o', 'size=2g', 'tmpfs', data])
  const [lower, upper, work, merged] = ['lower', 'upper', 'work', 'merged'].map((name) => path.join(data, name))
  for (const each of [lower, upper, work, merged]) mkdirSync(each!)
  const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`
  try {
    await call('mount', ['-t', 'overlay', 'overlay', '-o', options, merged!])
    await call('umount', [merged!])
    return 'overlay2'
  } catch {
    await call('umount', [data])
    return 'vfs'
  }
}

function mountsUnder(directory: string): string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${directory}/`))
    .reverse()
}

export function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Paths of what a program needs; none of one that is linked statically. */
async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await call('ldd', [program]).catch(() => ({ stdout: '' }))
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1]!)
}

/** Gives the path of the archive. */
export async function packImage(directory: string): Promise<string> {
  const root = path.join(directory, 'root')
  const bin = path.join(root, 'bin')
  mkdirSync(bin, { recursive: true })
  copyFileSync(findTool('busybox')!, path.join(bin, 'busybox'))
  chmodSync(path.join(bin, 'busybox'), 0o755)
  const { stdout } = await call(findTool('busybox')!, ['--list'])
  for (const applet of linesOf(stdout)) if (applet !== 'busybox') symlinkSync('busybox', path.join(bin, applet))
  for (const library of await librariesOf(findTool('busybox')!)) {
    mkdirSync(path.join(root, path.dirname(library)), { recursive: true })
    copyFileSync(library, path.join(root, library))
  }
  const archive = path.join(directory, 'root.tar')
  await call('tar', ['-C', root, '-cf', archive, '.'])
  return archive
}
