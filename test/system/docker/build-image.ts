// Logboom's image, built by the Dockerfile without a network: from a base made of this machine's Node.js and a busybox, and a tree in
// which the build has been done already.
import { execFile } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { findTool } from '../../../scripts/ensure-system.ts'
import type { Daemon } from './open-daemon.ts'

const call = promisify(execFile)
const root = path.resolve(import.meta.dirname, '../../..')
const base = 'logboom-test/node:1'

/** Gives the image's name. */
export async function buildImage(daemon: Daemon): Promise<string> {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-image-'))
  try {
    const tree = path.join(directory, 'tree')
    await Promise.all([importBase(path.join(directory, 'base'), daemon), prepareTree(tree)])
    const command = [
      '--host',
      `unix://${daemon.socket}`,
      'build',
      '--network=none',
      '--build-arg',
      `NODE_IMAGE=${base}`,
    ]
    await call(findTool('docker')!, [...command, '--tag', 'logboom', tree], {
      env: { ...process.env, DOCKER_BUILDKIT: '0' },
      maxBuffer: 1 << 26,
    })
    return 'logboom'
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function importBase(place: string, daemon: Daemon): Promise<void> {
  const busybox = findTool('busybox')!
  for (const each of ['bin', 'usr/bin', 'usr/local/bin', 'etc', 'tmp', 'var/lib'])
    mkdirSync(path.join(place, each), { recursive: true })
  chmodSync(path.join(place, 'tmp'), 0o1777)
  writeFileSync(path.join(place, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\nnode:x:1000:1000::/tmp:/bin/sh\n')
  copyFileSync(busybox, path.join(place, 'bin/busybox'))
  copyFileSync(process.execPath, path.join(place, 'usr/local/bin/node'))
  for (const each of ['bin/busybox', 'usr/local/bin/node']) chmodSync(path.join(place, each), 0o755)
  const { stdout: applets } = await call(busybox, ['--list'])
  for (const applet of applets.trim().split('\n'))
    if (applet !== 'busybox') symlinkSync('/bin/busybox', path.join(place, 'bin', applet))
  symlinkSync('/bin/busybox', path.join(place, 'usr/bin/env'))
  for (const program of [busybox, process.execPath]) {
    const { stdout } = await call('ldd', [program]).catch(() => ({ stdout: '' }))
    for (const [, library] of stdout.matchAll(/(\/\S+) \(0x/g)) {
      mkdirSync(path.join(place, path.dirname(library!)), { recursive: true })
      copyFileSync(library!, path.join(place, library!))
    }
  }
  await call('tar', ['-C', place, '-cf', `${place}.tar`, '.'])
  await daemon.docker('import', `${place}.tar`, base)
}

/** What `npm ci`, `npm run build` and `npm prune` would leave. */
async function prepareTree(tree: string): Promise<void> {
  for (const each of ['package.json', 'LICENSE', 'bin', 'Dockerfile', 'dist/dashboard'])
    cpSync(path.join(root, each), path.join(tree, each), { recursive: true })
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean; link?: boolean }>
  }
  const needed = Object.entries(lock.packages).flatMap(([place, { dev, optional, link }]) =>
    place.startsWith('node_modules/') && !dev && !optional && !link && !place.includes('/node_modules/', 1)
      ? [place]
      : [],
  )
  await call('cp', ['-a', '--parents', ...needed, tree], { cwd: root })
  const compiler = path.join(root, 'node_modules/.bin/tsc')
  await call(compiler, ['-p', path.join(root, 'tsconfig.build.json'), '--outDir', path.join(tree, 'dist')])
}
