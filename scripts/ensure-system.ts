// Programs that tests need beyond npm: names the programs, finds them, and, run by itself, installs the missing ones where it may.
// A missing program is never passed over in silence: loud on a desk, a failure in CI.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Program → the names it may have on the PATH, and the Debian packages that bring it. */
const tools = {
  chromium: { commands: ['chromium', 'chromium-browser', 'google-chrome'], package: 'chromium' },
  python3: { commands: ['python3'], package: 'python3' },
  strace: { commands: ['strace'], package: 'strace' },
  journalctl: { commands: ['journalctl'], package: 'systemd' },
  // Writes journals where no journald runs; it is on nobody's PATH.
  journalWriter: {
    commands: ['/usr/lib/systemd/systemd-journal-remote', '/lib/systemd/systemd-journal-remote'],
    package: 'systemd-journal-remote',
  },
  logger: { commands: ['logger'], package: 'bsdutils' },
  // Tests use the library of it.
  faketime: { commands: ['faketime'], package: 'faketime' },
  busybox: { commands: ['busybox'], package: 'busybox-static' },
  // Clients of streams: modules of Debian's Python.
  pythonWebsockets: {
    commands: ['/usr/lib/python3/dist-packages/websockets/__init__.py'],
    package: 'python3-websockets',
  },
  pythonSocketio: {
    commands: ['/usr/lib/python3/dist-packages/socketio/__init__.py'],
    package: 'python3-socketio python3-requests python3-websocket python3-aiohttp',
  },
  nginx: { commands: ['/usr/sbin/nginx', 'nginx'], package: 'nginx-light' },
  ip: { commands: ['/usr/sbin/ip', 'ip'], package: 'iproute2' },
  openssl: { commands: ['openssl'], package: 'openssl' },
  // Tests start it in namespaces of their own.
  systemd: { commands: ['/usr/lib/systemd/systemd', '/lib/systemd/systemd'], package: 'systemd' },
  // An engine with containers of its own; tests start it in a directory of theirs.
  dockerd: { commands: ['dockerd', '/usr/sbin/dockerd'], package: 'docker.io' },
  docker: { commands: ['docker'], package: 'docker.io' },
  podman: { commands: ['podman'], package: 'podman' },
  runc: { commands: ['runc', '/usr/sbin/runc'], package: 'runc' },
  sshd: { commands: ['/usr/sbin/sshd', 'sshd'], package: 'openssh-server' },
  ssh: { commands: ['ssh'], package: 'openssh-client' },
  // Programs in other languages.
  ruby: { commands: ['ruby'], package: 'ruby' },
  java: { commands: ['java'], package: 'default-jdk-headless' },
  logback: { commands: ['/usr/share/java/logback-classic.jar'], package: 'liblogback-java libslf4j-java' },
} as const

export type Tool = keyof typeof tools

/** Absolute path of the program, or undefined. */
export function findTool(tool: Tool): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  const candidates = tools[tool].commands.flatMap((command) => folders.map((folder) => path.resolve(folder, command)))
  return candidates.find(isExecutable)
}

/**
 * Test options for what cannot run without these programs: `test('…', requireTool('strace'), …)`.
 * Throws in CI, where everything must run.
 */
export function requireTool(...wanted: Tool[]): { skip: false | string } {
  const missing = wanted.filter((tool) => !findTool(tool))
  return unlessMissing(missing.length > 0 && `${missing.join(', ')} not found on this machine`)
}

/** Skips tests that cannot run without file systems of their own. */
export function requireMount(): { skip: false | string } {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-mount-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', 'none', directory]).status === 0
  if (mounted) spawnSync('umount', [directory])
  rmdirSync(directory)
  return unlessMissing(!mounted && 'no file system may be mounted here')
}

/** Skips tests that cannot run without a network of their own. */
export function requireNetwork(): { skip: false | string } {
  const ip = findTool('ip')
  const name = `logboom-try-${process.pid}`
  const isMade = ip !== undefined && spawnSync(ip, ['netns', 'add', name]).status === 0
  if (isMade) spawnSync(ip, ['netns', 'delete', name])
  return unlessMissing(!isMade && 'no network of its own may be made here')
}

function unlessMissing(reason: false | string): { skip: false | string } {
  if (!reason) return { skip: false }
  if (inCi()) throw new Error(`SKIPPED: ${reason}`)
  return { skip: `SKIPPED: ${reason}` }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, /\.(?:py|jar)$/.test(file) ? constants.R_OK : constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

function inCi(): boolean {
  return ![undefined, '', '0', 'false'].includes(process.env['CI'])
}

function run(command: string[]): boolean {
  const [program, ...args] = command
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync(program!, args, { stdio: ['ignore', 'inherit', 'inherit'], env: environment }).status === 0
}

/** Prefix that makes a command root's; undefined where that would need a password. */
function rootPrefix(): string[] | undefined {
  if (process.getuid?.() === 0) return []
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined
}

function install(missing: Tool[]): void {
  const root = rootPrefix()
  if (!root || spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) return
  const packages = missing.flatMap((tool) => tools[tool].package.split(' '))
  console.log(`Installing ${packages.join(', ')}, which the tests use …`)
  run([...root, 'apt-get', 'update', '-qq'])
  run([...root, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages])
}

function missingTools(): Tool[] {
  return (Object.keys(tools) as Tool[]).filter((tool) => !findTool(tool))
}

if (import.meta.main) {
  const missing = missingTools()
  if (missing.length > 0) install(missing)
  for (const tool of missingTools()) {
    console.log(`SKIPPED: tests that use ${tool} will not run; install the package ${tools[tool].package}`)
    if (inCi()) process.exitCode = 1
  }
}
