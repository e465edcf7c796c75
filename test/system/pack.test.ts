// The package as somebody gets it who installs it: built and packed from a copy of this tree, installed into an empty
// folder without development packages, and run from there, workers and all.
import assert from 'node:assert/strict'
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { accessSync, cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { formatMessage } from 'publint/utils'
import { publint } from 'publint'

const root = path.resolve(import.meta.dirname, '../..')
const temporary = mkdtempSync(path.join(tmpdir(), 'logboom-pack-'))
const staging = path.join(temporary, 'tree')
const project = path.join(temporary, 'project')
const installed = path.join(project, 'node_modules')
const logboom = path.join(installed, '.bin/logboom')

interface Manifest {
  version: string
  dependencies: Record<string, string>
  optionalDependencies: Record<string, string>
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest
}

/** Packages that nothing but development needs, as the lock says. */
function developmentPackages(): string[] {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>
  }
  const places = Object.keys(lock.packages).filter((place) => lock.packages[place]!.dev)
  return places.map((place) => place.replace('node_modules/', ''))
}

/** What `npm test` put into the environment for itself would be taken for its own by an npm inside of it. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const own =
    /^LOGBOOM_|^npm_(package|lifecycle|command|execpath|config_(local_prefix|ignore_scripts|workspace|dry_run|omit|include))/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)))
}

function npm(folder: string, ...args: string[]): void {
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  const { status, stdout, stderr } = spawnSync('npm', [...args, ...quiet], { cwd: folder, env: cleanEnvironment() })
  assert.equal(status, 0, `npm ${args.join(' ')}\n${stdout}\n${stderr}`)
}

interface Result {
  code: number
  stdout: string
  stderr: string
}

/** Runs the installed command in the project; 60 s are far more than it may need. */
function run(args: string[], node = process.execPath): Promise<Result> {
  const options = { cwd: project, env: cleanEnvironment(), timeout: 60_000 }
  return new Promise((resolve) => {
    execFile(node, [logboom, ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    })
  })
}

/** A Node that is too old: one that is on the PATH, else one from the registry. */
function findOldNode(): string {
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, 'node'))
  for (const node of onPath.filter((file) => existsSync(file))) {
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' })
    if (Number(/^v(\d+)/.exec(version)?.[1]) < 24) return node
  }
  const folder = path.join(temporary, 'old-node')
  mkdirSync(folder)
  const name = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'
  const packageName = `${name}-${process.platform}-${process.arch}`
  npm(folder, 'install', '--prefix', folder, `${packageName}@20`)
  return path.join(folder, 'node_modules', packageName, 'bin/node')
}

before(() => {
  const parts = ['src', 'dashboard', 'bin', 'scripts', 'runtime/package.json', 'package.json', 'package-lock.json']
  for (const part of [...parts, 'tsconfig.json', 'tsconfig.build.json', 'README.md', 'LICENSE']) {
    if (existsSync(path.join(root, part))) cpSync(path.join(root, part), path.join(staging, part), { recursive: true })
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(staging, 'node_modules'))
  npm(staging, 'pack', '--pack-destination', temporary)
  mkdirSync(project)
  const [tarball] = globSync('logboom-*.tgz', { cwd: temporary })
  npm(project, 'install', '--prefix', project, '--omit=dev', path.join(temporary, tarball!))
  for (const words of ['npm pack ', `npm install --save-dev /path/to/${tarball} `, 'npx logboom run -- '])
    assert.ok(readFileSync(path.join(root, 'README.md'), 'utf8').includes(`    ${words}`), `README says ${words}`)
})

after(() => rmSync(temporary, { recursive: true, force: true }))

test('the package has what runs and nothing else', () => {
  const files = globSync('logboom/**/*', { cwd: installed, exclude: ['logboom/node_modules/**'] })
  for (const needed of ['bin/logboom.js', 'dist/src/index.js', 'dist/src/index.d.ts', 'dist/dashboard/index.html']) {
    assert.ok(files.includes(path.join('logboom', needed)), `${needed} is there`)
  }
  const surplus = files.filter(
    (file) => /\.test\.|-harness\.|\/test-|\.tsx?$|\/test\/|\/examples\//.test(file) && !file.endsWith('.d.ts'),
  )
  assert.deepEqual(surplus, [])
})

test('no development package comes along', () => {
  const present = (name: string): boolean => existsSync(path.join(installed, name, 'package.json'))
  const manifest = readManifest(root)
  assert.deepEqual(
    Object.keys(manifest.dependencies).filter((name) => !present(name)),
    [],
  )
  const runtime = Object.keys(readManifest(path.join(root, 'runtime')).optionalDependencies)
  assert.ok(runtime.length > 0 && developmentPackages().includes('typescript'))
  assert.deepEqual([...developmentPackages(), ...runtime].filter(present), [])
  assert.throws(() => accessSync(path.join(installed, '.bin/node')), 'no node of ours on their path')
})

test('publint has nothing to say', async () => {
  const pkgDir = path.join(installed, 'logboom')
  const { messages, pkg } = await publint({ pkgDir, strict: true, pack: false })
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg, { color: false })),
    [],
  )
})

test('the installed command knows its version', async () => {
  const { code, stdout } = await run(['--version'])
  assert.equal(code, 0)
  assert.match(stdout, new RegExp(readManifest(root).version.replaceAll('.', '\\.')))
})

test('a typed configuration is checked by compiler and command', async () => {
  const config = path.join(project, 'logboom.config.ts')
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ ...readManifest(project), type: 'module' }))
  writeFileSync(
    config,
    "import { defineConfig } from 'logboom'\n" +
      "export default defineConfig({ processes: { hello: { command: 'echo hello' } } })\n",
  )
  const compile = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--ignoreConfig', config]
  execFileSync(path.join(root, 'node_modules/.bin/tsc'), compile, { cwd: project, stdio: 'pipe' })
  const { code, stderr } = await run(['check'])
  assert.equal(code, 0, stderr)
})

test('the installed command runs a process, with its workers', async () => {
  const { code, stdout, stderr } = await run(['run', '--port', '0', '--', 'echo', 'hi from the package'])
  assert.equal(code, 0, stderr)
  assert.match(stdout, /hi from the package/)
})

test('on a Node that is too old it says so in one sentence', async () => {
  const { code, stdout, stderr } = await run(['--version'], findOldNode())
  assert.notEqual(code, 0)
  assert.equal(stdout, '')
  assert.match(stderr, /Node\.js.*24\.12/)
  assert.doesNotMatch(stderr, /SyntaxError|\n\s+at /)
})
