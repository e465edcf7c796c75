// The logger as somebody gets it who installs it: packed, installed into an empty folder without a registry, and run there, also by the oldest Node
// that it is for.
import assert from 'node:assert/strict'
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { after, before, test } from 'node:test'
import { startHub, until } from '../hub-process.ts'

const root = path.resolve(import.meta.dirname, '../..')
const temporary = mkdtempSync(path.join(tmpdir(), 'logboom-logger-pack-'))
const project = path.join(temporary, 'project')
const installed = path.join(project, 'node_modules/logboom-logger')
after(() => rmSync(temporary, { recursive: true, force: true }))

const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(LOGBOOM_|LOG_LEVEL|NO_COLOR|FORCE_COLOR|NODE_|npm_)/.test(name)),
)

function run(folder: string, program: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: folder, env: environment, encoding: 'utf8' })
  assert.equal(status, 0, `${program} ${words.join(' ')}\n${stdout}\n${stderr}`)
  assert.equal(stderr, '')
  return stdout
}

let tarball = ''

before(() => {
  run(root, process.execPath, 'scripts/ensure-logger.ts')
  const quiet = ['--ignore-scripts', '--loglevel=error']
  const [name] = run(path.join(root, 'logger'), 'npm', 'pack', '--pack-destination', temporary, ...quiet)
    .trim()
    .split('\n')
    .slice(-1)
  tarball = path.join(temporary, name!)
  mkdirSync(project)
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ name: 'shop', type: 'module' }))
  run(project, 'npm', 'install', '--offline', '--no-audit', '--no-fund', ...quiet, tarball)
})

test('the package is small, alone, and has the licences of all that is in it', () => {
  assert.ok(statSync(tarball).size <= 100 * 1024, `${statSync(tarball).size} bytes`)
  assert.deepEqual(
    readdirSync(path.join(project, 'node_modules')).filter((name) => !name.startsWith('.')),
    ['logboom-logger'],
  )
  const manifest = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')) as Record<string, unknown>
  assert.equal(manifest['dependencies'], undefined)
  assert.deepEqual(
    Object.keys(manifest['scripts'] ?? {}).filter((name) => /install/.test(name)),
    [],
  )
  for (const name of ['LICENSE', 'LICENSE-pino', 'dist/LICENSES.txt'])
    assert.ok(existsSync(path.join(installed, name)), name)
  const licenses = readFileSync(path.join(installed, 'dist/LICENSES.txt'), 'utf8')
  for (const name of ['pino', 'safe-stable-stringify', 'quick-format-unescaped', '@pinojs/redact'])
    assert.match(licenses, new RegExp(`^${name}\n\n.*(license|copyright)`, 'im'), name)
})

const example = `
import { auditLog, getLogger, setupLogStreaming, withContext } from 'logboom-logger'
const logger = getLogger('host', { logDir: process.argv[2], level: 'debug', maxSize: '1KB', compress: 'gzip', callsite: true, redact: ['token'] })
setupLogStreaming()
logger.info({ user: 'ann', token: 'x' }, 'signed %s', 'in')
withContext({ request_id: 'r-1' }, () => logger.getChild('db').error(new Error('boom')))
auditLog(logger, 'spawned', { action: 'instance_spawn' })
for (let n = 0; n < 60; n++) logger.debug('number %d', n)
await logger.flush()
console.log(logger.metrics().lines)
`

/** This Node, and any Node 20 or 22 that is on the PATH. */
function nodes(): string[] {
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, 'node'))
  const older = onPath.find((node) => {
    if (!existsSync(node)) return false
    const [major = 0, minor = 0] = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' })
      .split('.')
      .map(Number)
    return (major === 20 && minor >= 19) || major === 22
  })
  return older === undefined ? [process.execPath] : [process.execPath, older]
}

for (const node of nodes()) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  test(`an application runs on it under Node ${version}`, () => {
    writeFileSync(path.join(project, 'app.js'), example)
    const logs = path.join(temporary, `logs-${version}`)
    const said = run(project, node, 'app.js', logs).trimEnd().split('\n')
    assert.equal(said.at(-1), '63')
    assert.match(
      said[0]!,
      /^\[\d\d:\d\d:\d\d\] \[\d+\] \[INFO\] signed in user=ann token=\[Redacted\] module=app function="" line=5$/,
    )
    assert.match(said[1]!, /\[ERROR\] boom request_id=r-1 module=app function="" line=6$/)
    assert.match(said[2]!, /^ {2}Error: boom$/)
    assert.deepEqual(readdirSync(logs).sort(), [
      'host.log',
      ...[1, 2, 3, 4, 5].map((number) => `host.log.${number}.gz`),
    ])
    const cjs = path.join(project, 'app.cjs')
    writeFileSync(
      cjs,
      `const { getLogger } = require('logboom-logger'); getLogger('cjs', { file: false }).info('required')`,
    )
    assert.match(run(project, node, '--no-warnings', 'app.cjs'), /\[INFO\] required\n$/)
  })
}

for (const node of nodes()) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  test(`records reach a hub from the installed package under Node ${version}, each once`, async (t) => {
    const hub = await startHub({})
    t.after(() => hub.close())
    const app = `
      import { getLogger } from 'logboom-logger'
      const logger = getLogger('shop', { logDir: process.argv[2], console: false, hub: { url: process.argv[3] } })
      for (let n = 1; n <= 100; n++) logger.info({ n }, 'order %d', n)
      await logger.flush()`
    writeFileSync(path.join(project, 'sender.js'), app)
    await promisify(execFile)(node, ['sender.js', path.join(temporary, `sent-${version}`), hub.url], {
      cwd: project,
      env: environment,
    })
    const orders = await until('100 orders', async () => {
      const found: unknown[] = []
      for await (const { fields } of hub.records('source:shop')) found.push(fields?.['n'])
      return found.length >= 100 && found
    })
    assert.deepEqual(
      orders,
      Array.from({ length: 100 }, (_, n) => n + 1),
    )
  })
}

test('the declarations stand alone: a strict program compiles against them, one with a wrong option does not', () => {
  const tsc = path.join(root, 'node_modules/.bin/tsc')
  const options = { strict: true, module: 'nodenext', target: 'es2022', noEmit: true, skipLibCheck: false, types: [] }
  writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['app.ts'] }))
  const right = `import { getLogger, type Logger } from 'logboom-logger'\nexport const logger: Logger = getLogger('a', { level: 'debug' })\nlogger.info({ a: 1 }, 'b')\n`
  writeFileSync(path.join(project, 'app.ts'), right)
  run(project, process.execPath, tsc, '-p', '.')
  writeFileSync(path.join(project, 'app.ts'), right.replace('level:', 'levle:'))
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: project, encoding: 'utf8' })
  assert.notEqual(status, 0)
  assert.match(stdout, /'levle' does not exist in type 'LoggerOptions'/)
})
