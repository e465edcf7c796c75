// Run after every change of a dependency: adds to package-lock.json the platform packages that npm left out because it
// could not see them from this machine. Without their entries `npm ci` refuses the whole lock, on every machine.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

interface Entry {
  version?: string
  dev?: boolean
  optionalDependencies?: Record<string, string>
  cpu?: string[]
  libc?: string[]
  optional?: boolean
  os?: string[]
}

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

/** Platform of a package, told from its name: `@x/binding-linux-arm64-musl`. Keeps npm from fetching it elsewhere. */
function platformOf(name: string): Entry {
  const words = name.replace(/^@[^/]+\//, '').split('-')
  const os = systems.filter((system) => words.includes(system))
  const cpu = processors.filter((processor) => words.includes(processor))
  const isMusl = words.some((word) => word.startsWith('musl'))
  const libc = os.includes('linux') && words.some((word) => /^(gnu|musl)/.test(word)) ? [isMusl ? 'musl' : 'glibc'] : []
  return { ...(cpu.length > 0 && { cpu }), ...(libc.length > 0 && { libc }), ...(os.length > 0 && { os }) }
}

const file = path.resolve(import.meta.dirname, '../package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Entry> }
const before = Object.keys(lock.packages).length

for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] ?? lock.packages[`${place}/node_modules/${name}`]) continue
    if (!/^\d/.test(version)) throw new Error(`${name} is asked for as ${version}; only exact versions can be added`)
    const { cpu, libc, os } = platformOf(name)
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(cpu && { cpu }),
      ...(entry.dev && { dev: true }),
      ...(libc && { libc }),
      optional: true,
      ...(os && { os }),
    }
  }
}

const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
console.log(`${sorted.length - before} entries added`)
