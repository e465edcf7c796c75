// The doctor's look at Node.js and the operating system.
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Finding } from './finding.ts'

export function checkNode(found: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = found.split('.').map(Number)
  const what = 'Node.js'
  if (major > 24 || (major === 24 && minor >= 12)) return { what, verdict: 'ok', text: found }
  return { what, verdict: 'fail', text: `${found} is too old`, hint: 'Install Node.js 24.12 or newer.' }
}

export function checkProc(root: string = '/proc'): Finding {
  const what = '/proc'
  try {
    readFileSync(`${root}/self/stat`)
    readdirSync(`${root}/self/fd`)
    readFileSync(`${root}/sys/kernel/random/boot_id`)
    return { what, verdict: 'ok', text: 'processes can be told apart and watched' }
  } catch {
    const hint = 'Logboom is at its best on Linux; in a container, mount /proc.'
    return { what, verdict: 'warn', text: 'is missing: CPU, memory and taking over processes will not work', hint }
  }
}

const wanted = { max_user_watches: 8192, max_user_instances: 64 }

export function checkLimits(root: string = '/proc/sys/fs/inotify'): Finding {
  const what = 'file watches'
  if (!existsSync(root)) return { what, verdict: 'ok', text: 'files are looked at in turns' }
  for (const [name, least] of Object.entries(wanted)) {
    const limit = Number(readFileSync(`${root}/${name}`, 'utf8'))
    if (limit >= least) continue
    const hint = `sysctl fs.inotify.${name}=${least}`
    return { what, verdict: 'warn', text: `fs.inotify.${name} is only ${limit}`, hint }
  }
  return { what, verdict: 'ok', text: 'enough inotify watches' }
}

const defaultPort = 7420

/** `port` undefined: not asked for, so that the next free one does as well. */
export async function checkPort(host: string, port: number | undefined): Promise<Finding> {
  const what = 'port'
  const server = createServer()
  try {
    server.listen(port ?? defaultPort, host)
    await once(server, 'listening')
    return { what, verdict: 'ok', text: `${host}:${port ?? defaultPort} is free` }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE')
      return { what, verdict: 'fail', text: message, hint: 'Choose another with --host and --port.' }
    const text = `${host}:${port ?? defaultPort} is taken by something else`
    if (port === undefined) return { what, verdict: 'warn', text, hint: 'Logboom will take the next one that is free.' }
    return { what, verdict: 'fail', text, hint: 'Choose another with --port N, or 0 for any free one.' }
  } finally {
    server.close()
  }
}

const builtAfter = Date.UTC(2025, 0)

export function checkClock(now: number = Date.now()): Finding {
  const what = 'clock'
  const text = new Date(now).toISOString()
  if (now > builtAfter && now < Date.UTC(2100, 0)) return { what, verdict: 'ok', text }
  return { what, verdict: 'warn', text: `says ${text}`, hint: 'Set the time; records will carry it.' }
}
