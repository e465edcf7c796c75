// Builds logger/dist, what `logboom-logger` is published as: one bundle with pino's core in it, for Node 20 and later, and declarations that
// need nothing beside them.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'rolldown'

const root = path.resolve(import.meta.dirname, '..')
const source = path.join(root, 'logger/src')
const target = path.join(root, 'logger/dist')
const declarations = path.join(target, '.declarations')

/** pino's threads for writing, which nobody starts here: a fifth of the bundle, and megabytes when loaded. */
const noTransports = '\0no-transports.cjs'
const isTransport = (id: string, importer?: string): boolean =>
  /^\.\/(lib\/)?transport$/.test(id) && /[\\/]node_modules[\\/]pino[\\/]/.test(importer ?? '')

/** Modules that packages import by name. */
const entries = ['index', 'register', 'winston', 'bunyan', 'pino'].filter((name) =>
  existsSync(path.join(source, `${name}.ts`)),
)
/** Modules that run in threads of their own. */
const workers = ['delivery/delivery-worker'].filter((name) => existsSync(path.join(source, `${name}.ts`)))

rmSync(target, { recursive: true, force: true })
const { output } = await build({
  input: Object.fromEntries(
    [...entries, ...workers].map((name) => [path.basename(name), path.join(source, `${name}.ts`)]),
  ),
  platform: 'node',
  plugins: [
    {
      name: 'no-transports',
      resolveId: (id, importer) => (isTransport(id, importer) ? noTransports : undefined),
      load: (id) => (id === noTransports ? 'module.exports = {}' : undefined),
    },
  ],
  // Peers of those who use the adapters.
  external: ['winston', 'winston-transport', 'bunyan'],
  transform: { target: 'node20' },
  output: {
    dir: target,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'shared-[hash].js',
    comments: false,
  },
})
writeFileSync(
  path.join(target, 'LICENSES.txt'),
  licensesOf(output.flatMap((each) => (each.type === 'chunk' ? each.moduleIds : []))),
)
execFileSync(path.join(root, 'node_modules/.bin/tsc'), ['-p', path.join(root, 'logger/tsconfig.build.json')], {
  stdio: 'inherit',
})
const taken = new Set<string>()
for (const name of entries) takeDeclarations(path.join(source, `${name}.ts`))
rmSync(declarations, { recursive: true })

/** Licences of the packages that these modules are of, as they ask to be kept. */
function licensesOf(modules: readonly string[]): string {
  const folders = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []))
  const texts = [...folders].sort().map((folder) => {
    const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name))
    const text = file === undefined ? readLicenseOfReadme(folder) : readFileSync(path.join(folder, file), 'utf8')
    return `${path.relative(path.join(folder.slice(0, folder.lastIndexOf('/node_modules/')), 'node_modules'), folder)}\n\n${text.trim()}\n`
  })
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

function readLicenseOfReadme(folder: string): string {
  const { license, author } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >
  return `${String(license)} licence. ${typeof author === 'string' ? author : ''}`
}

/** Declarations of the module and of all that they name. */
function takeDeclarations(module: string): void {
  if (taken.has(module)) return
  taken.add(module)
  const emitted = path.join(declarations, path.relative(root, module)).replace(/\.ts$/, '.d.ts')
  const place = placeOf(module)
  const text = readFileSync(emitted, 'utf8').replaceAll(
    /(\bfrom |\bimport\()(['"])([^'"]+)\2/g,
    (_all, before, quote, name) => {
      if (!String(name).startsWith('.')) {
        if (/^pino\b/.test(String(name)))
          throw new Error(`build-logger: ${module} shows types of pino; write types of our own.`)
        return `${before}${quote}${name}${quote}`
      }
      const named = path.resolve(path.dirname(module), String(name))
      takeDeclarations(named)
      const relative = path.relative(path.dirname(place), placeOf(named)).replace(/\.d\.ts$/, '.js')
      return `${before}${quote}${relative.startsWith('.') ? relative : `./${relative}`}${quote}`
    },
  )
  mkdirSync(path.dirname(place), { recursive: true })
  writeFileSync(place, text)
}

/** Ours as in the source; the hub's below `hub`. */
function placeOf(module: string): string {
  const inLogger = path.relative(source, module)
  const relative = inLogger.startsWith('..')
    ? path.join('hub', path.relative(path.join(root, 'src'), module))
    : inLogger
  return path.join(target, relative.replace(/\.ts$/, '.d.ts'))
}
