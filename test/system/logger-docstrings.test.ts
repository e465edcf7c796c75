// Every public function of the logger has an example above it, and the examples do what stands behind them.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'

const root = path.resolve(import.meta.dirname, '../..')
const entries = ['index', 'winston', 'bunyan', 'pino']

interface Exported {
  name: string
  example: string | undefined
}

/** Functions and classes that can be imported, and the examples above them. */
function publicFunctions(): Exported[] {
  const index = readFileSync(path.join(root, 'logger/src/index.ts'), 'utf8')
  const values = [...index.matchAll(/^export \{([^}]+)\}/gm)].flatMap(([, names]) => names!.split(',').map((name) => name.trim())) // oxfmt-ignore
  const named = new Set(values.filter((name) => name !== '' && !name.startsWith('type ')))
  const files = globSync('logger/src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'))
  return files.flatMap((file) => {
    const isEntry = entries.slice(1).some((entry) => file === `logger/src/${entry}.ts`)
    const text = readFileSync(path.join(root, file), 'utf8')
    return [...text.matchAll(/(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\n)?export (?:default )?(?:function|class) (\w+)/g)]
      .filter(([, , name]) => isEntry || named.has(name!))
      .map(([, comment, name]) => ({ name: name!, example: /@example\n([^]*)$/.exec(comment ?? '')?.[1]?.replaceAll(/^ *\* ?/gm, '') })) // oxfmt-ignore
  })
}

const preamble = `
import * as logboom from 'logboom-logger'
import { LogboomTransport } from 'logboom-logger/winston'
import { bunyanStream } from 'logboom-logger/bunyan'
import winston from 'winston'
import bunyan from 'bunyan'
import pino from 'pino'
import { EventEmitter } from 'node:events'
const { auditLog, captureConsole, closeLoggers, getLogger, getLoggerFromEnv, getLogStream, setupLogStreaming, withContext } = logboom
const sockets = new EventEmitter()
const socket = Object.assign(new EventEmitter(), { readyState: 1, bufferedAmount: 0, send: () => {} })
setImmediate(() => sockets.emit('connection', socket))
`

function prepare(t: TestContext): string {
  execFileSync(process.execPath, [path.join(root, 'scripts/ensure-logger.ts')])
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-examples-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  mkdirSync(path.join(directory, 'node_modules'))
  symlinkSync(path.join(root, 'logger'), path.join(directory, 'node_modules/logboom-logger'))
  for (const name of ['winston', 'bunyan', 'pino'])
    symlinkSync(path.join(root, 'node_modules', name), path.join(directory, 'node_modules', name))
  writeFileSync(path.join(directory, 'package.json'), '{"name":"examples","type":"module"}')
  return directory
}

test('examples of public functions do what stands behind them', (t) => {
  const directory = prepare(t)
  const functions = publicFunctions()
  assert.ok(functions.length >= 10, functions.map(({ name }) => name).join())
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(LOGBOOM_|LOG_LEVEL|NODE_)/.test(name)),
  )
  for (const { name, example } of functions) {
    assert.ok(example, `${name} has no example`)
    const usual = /\blogger = /.test(example) ? '' : `const logger = getLogger('host', { logDir: 'logs' })\n`
    writeFileSync(path.join(directory, 'app.js'), preamble + usual + example)
    const { stderr, status } = spawnSync(process.execPath, ['app.js'], {
      cwd: directory,
      env: { ...env, LOGBOOM_PROCESS: 'host' },
      encoding: 'utf8',
    })
    assert.deepEqual([stderr, status], ['', 0], `${name}\n${example}`)
    const said = [...example.matchAll(/\/\/ (?:\S+ \S+ \[4157\]|…) (.*)$/gm)].map(([, line]) => line!)
    const written = globSync('logs/*.log', { cwd: directory })
      .map((file) => readFileSync(path.join(directory, file), 'utf8'))
      .join('')
    for (const line of said) assert.ok(written.includes(line), `${name}: ${line}\n${written}`)
    rmSync(path.join(directory, 'logs'), { recursive: true, force: true })
  }
})
