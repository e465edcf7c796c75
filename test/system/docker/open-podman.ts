// A Podman of a test's own with its compatible socket, in a directory of its own. Its one image is busybox, packed here.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { findTool } from '../../../scripts/ensure-system.ts'
import { until } from '../../hub-process.ts'
import { image, packImage } from './open-daemon.ts'

export interface Podman {
  /** Absolute path. */
  socket: string
  /** Its own command; gives its standard output. */
  podman(...words: string[]): Promise<string>
  /** Runs a shell in a new container in the background. */
  run(name: string, script: string, ...options: string[]): Promise<string>
  close(): Promise<void>
}

const call = promisify(execFile)

export async function openPodman(): Promise<Podman> {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-podman-'))
  const place = (name: string): string => path.join(directory, name)
  // A container may not have more than this machine gives.
  const limits = '[containers]\ndefault_ulimits=["nofile=4096:4096","nproc=4096:4096"]\n'
  writeFileSync(place('containers.conf'), limits)
  const env = { ...process.env, CONTAINERS_CONF: place('containers.conf') }
  const options = [
    `--runtime=${findTool('runc')!}`,
    '--cgroup-manager=cgroupfs',
    '--events-backend=file',
    '--storage-driver=vfs',
    `--root=${place('root')}`,
    `--runroot=${place('runroot')}`,
    `--tmpdir=${place('tmp')}`,
  ]
  const program = findTool('podman')!
  const podman = async (...words: string[]): Promise<string> =>
    (await call(program, [...options, ...words], { env })).stdout
  const socket = place('podman.sock')
  await podman('import', await packImage(place('image')), image)
  const service = spawn(program, [...options, 'system', 'service', '--time=0', `unix://${socket}`], {
    env,
    stdio: 'ignore',
  })
  await until('the socket of Podman', () => existsSync(socket))
  return {
    socket,
    podman,
    run: (name, script, ...more) =>
      podman('run', '-d', '--network=none', `--name=${name}`, ...more, image, 'sh', '-c', script),
    async close() {
      await podman('rm', '-f', '-a', '-t', '0').catch(() => undefined)
      const ended = once(service, 'exit')
      service.kill('SIGKILL')
      await ended
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
