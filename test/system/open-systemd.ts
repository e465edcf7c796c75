// A real systemd of a test's own, in namespaces: process 1 of them, with cgroups, units and state of its own. The machine's files are
// there as they are, but nothing of its systemd is touched.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findTool } from '../../scripts/ensure-system.ts'

export interface Systemd {
  directory: string
  /** Where units are written. */
  units: string
  /** `/var/lib` of its processes. */
  state: string
  systemctl(...words: string[]): Promise<string>
  /** A property of a unit. */
  show(unit: string, property: string): Promise<string>
  /** Ends all of it. */
  close(): Promise<void>
}

const call = promisify(execFile)
const isUnified = !readFileSync('/proc/self/cgroup', 'utf8').includes('name=systemd')

/** Run as root in mount, PID, IPC, UTS and cgroup namespaces that were just made. */
const begin = (directory: string): string => `
set -e
mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mkdir -p /run/lock
# Units of the machine are none of this systemd's.
for place in /etc/systemd/system /lib/systemd/system /usr/lib/systemd/system-generators /lib/systemd/system-generators; do
  if [ -d $place ]; then mount -t tmpfs tmpfs $place; fi
done
mount --bind ${directory}/units /etc/systemd/system
mount --bind ${directory}/lib /var/lib
${
  isUnified
    ? 'mount -t cgroup2 cgroup2 /sys/fs/cgroup'
    : `mount -t tmpfs cgroup /sys/fs/cgroup
mkdir /sys/fs/cgroup/systemd /sys/fs/cgroup/unified
mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified || rmdir /sys/fs/cgroup/unified`
}
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin ${findTool('systemd')} --system --unit=test.target --log-target=console
`

/** Cgroups of its own, of which it sees nothing above. */
function makeCgroups(name: string): string[] {
  const roots = isUnified ? ['/sys/fs/cgroup'] : ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified']
  return roots.flatMap((root) => {
    try {
      const directory = path.join(root, name)
      mkdirSync(directory)
      return [directory]
    } catch {
      return []
    }
  })
}

export async function openSystemd(): Promise<Systemd> {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-systemd-'))
  const units = path.join(directory, 'units')
  const state = path.join(directory, 'lib')
  for (const each of [units, state]) mkdirSync(each)
  for (const name of ['test', 'sysinit', 'basic', 'shutdown', 'network-online', 'multi-user'])
    writeFileSync(path.join(units, `${name}.target`), '[Unit]\nDefaultDependencies=no\n')
  const cgroups = makeCgroups(path.basename(directory))
  const join_ = cgroups.map((each) => `echo $$ > ${each}/cgroup.procs`).join('\n')
  const script = path.join(directory, 'begin.sh')
  writeFileSync(script, begin(directory))
  const enter = `${join_}\nexec unshare -C -p -f -m -u -i --kill-child sh ${script}`
  const outer: ChildProcess = spawn('sh', ['-ec', enter], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [outer.stdout, outer.stderr])
    stream?.on('data', (text) => (said = (said + String(text)).slice(-8000)))
  let inner: number | undefined

  async function systemctl(...words: string[]): Promise<string> {
    const inside = ['-t', String(inner), '-m', '-p', '-C', '-r', '-w', 'systemctl', ...words]
    const { stdout } = await call('nsenter', inside, { timeout: 60_000 })
    return stdout.trim()
  }

  async function close(): Promise<void> {
    if (inner !== undefined)
      try {
        process.kill(inner, 'SIGKILL')
      } catch {
        // It has ended already.
      }
    outer.kill('SIGKILL')
    for (const each of cgroups) await removeCgroup(each)
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
  }

  for (const deadline = Date.now() + 30_000; ; await sleep(50)) {
    inner ??= childOf(outer.pid!)
    const answer = inner === undefined ? '' : await systemctl('is-active', 'test.target').catch(() => '')
    if (answer === 'active') break
    if (outer.exitCode === null && Date.now() < deadline) continue
    await close()
    throw new Error(`systemd did not start\n${said}`)
  }
  return {
    directory,
    units,
    state,
    systemctl,
    show: (unit, property) => systemctl('show', '--value', '-p', property, unit),
    close,
  }
}

function childOf(pid: number): number | undefined {
  return readdirSync('/proc')
    .map(Number)
    .find((each) => {
      try {
        return each > 0 && readFileSync(`/proc/${each}/status`, 'utf8').includes(`\nPPid:\t${pid}\n`)
      } catch {
        return false
      }
    })
}

/** Its processes die with their process 1, though not at once. */
async function removeCgroup(directory: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      await call('find', [directory, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', '+'])
      return
    } catch {
      await sleep(50)
    }
  }
  rmdirSync(directory)
}
