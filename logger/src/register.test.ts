// Applications that know nothing of the logger, run with --import register, with and without a hub that reads their output.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'

const register = import.meta.resolve('./register.ts')
/** Any preload makes Node run the application in a promise, which shows in what it prints. */
const nothing = 'data:text/javascript,'
const modules = path.resolve(import.meta.dirname, '../../node_modules')

interface Ended {
  code: number | string | null
  stdout: string
  stderr: string
  /** Lines of the log file, without time and process; none where there is no file. */
  log: string[]
}

/** `isSupervised`: standard output is a pipe that a hub reads. */
async function run(
  t: TestContext,
  file: string,
  code: string,
  isSupervised: boolean,
  preload = register,
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-register-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  writeFileSync(path.join(directory, 'package.json'), '{"name":"shop"}')
  symlinkSync(modules, path.join(directory, 'node_modules'))
  writeFileSync(path.join(directory, file), code)
  mkdirSync(path.join(directory, 'tmp'))
  const clean = Object.entries(process.env).filter(([key]) => !/^(LOGBOOM_|LOG_LEVEL|NODE_TEST)/.test(key))
  // A shell makes the pipe: what Node's spawn makes is a socket.
  const command = `("$0" --import ${preload} ${file}; echo $? > code) | cat; exit $(cat code)`
  const child = spawn('sh', ['-c', command, process.execPath], {
    cwd: directory,
    env: {
      ...Object.fromEntries(clean),
      TMPDIR: path.join(directory, 'tmp'),
      ...(isSupervised && { LOGBOOM_RUN: '1' }),
      ...environment,
    },
  })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text))
  const [exit] = (await once(child, 'close')) as [number]
  const logFile = path.join(directory, 'tmp/shop/logs/shop.log')
  const text = existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''
  return {
    code: exit,
    ...said,
    log: text
      .replaceAll(/^\S+ \S+ \[\d+\] /gm, '')
      .split('\n')
      .slice(0, -1),
  }
}

type Shown = [level: string, logger: string, message: string]
function shown(stdout: string): Shown[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { level, logger, name, msg } = JSON.parse(line) as Record<string, string>
      return [level!, (logger ?? name)!, msg!]
    })
}

const winstonCode = (load: string): string => `${load}
const log = winston.createLogger({ level: 'debug', transports: [new winston.transports.Console({ format: winston.format.simple() })] })
log.info('one'); log.debug('two')
log.configure({ level: 'debug', transports: [new winston.transports.Console({ format: winston.format.simple() })] })
log.error('three')
winston.add(new winston.transports.Console({ format: winston.format.simple() }))
winston.warn('four')`
const bunyanCode = (load: string): string => `${load}
const log = bunyan.createLogger({ name: 'orders' })
log.info('one'); log.child({ part: 'db' }).warn('two'); log.trace('not this')
bunyan.createLogger({ name: 'file', streams: [{ path: '/dev/null' }] }).error('three')`
const loads = (name: string): [string, string][] => [
  ['app.cjs', `const ${name} = require('${name}')`],
  ['app.mjs', `import ${name} from '${name}'`],
]

for (const [file, load] of loads('winston')) {
  test(`winston in ${file}: each record once, under a hub as JSON, else in the file beside its own output`, async (t) => {
    const supervised = await run(t, file, winstonCode(load), true)
    assert.equal(supervised.stderr, '')
    assert.deepEqual(shown(supervised.stdout), [
      ['INFO', 'shop', 'one'],
      ['DEBUG', 'shop', 'two'],
      ['ERROR', 'shop', 'three'],
      ['WARNING', 'shop', 'four'],
    ])
    assert.deepEqual(supervised.log, [])
    const alone = await run(t, file, winstonCode(load), false)
    assert.deepEqual(alone.log, ['[INFO] one', '[DEBUG] two', '[ERROR] three', '[WARNING] four'])
    assert.equal(alone.stdout, 'info: one\ndebug: two\nerror: three\nwarn: four\n')
  })
}

for (const [file, load] of loads('bunyan')) {
  test(`bunyan in ${file}: its JSON on standard output stays under a hub, other records come beside it`, async (t) => {
    const supervised = await run(t, file, bunyanCode(load), true)
    assert.equal(supervised.stderr, '')
    const records = supervised.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    assert.deepEqual(
      new Map(records.map(({ level, msg }) => [msg, level])),
      new Map<unknown, unknown>([
        ['one', 30],
        ['two', 40],
        ['three', 'ERROR'],
      ]),
    )
    const alone = await run(t, file, bunyanCode(load), false)
    assert.deepEqual(alone.log, ['[INFO] one', '[WARNING] two part=db', '[ERROR] three'])
    assert.equal(alone.stdout.trimEnd().split('\n').length, 2)
  })
}

test('pino: its JSON on standard output stays under a hub, what goes elsewhere comes beside it', async (t) => {
  const code = `const pino = require('pino')
    pino({ name: 'orders', level: 'debug' }, pino.destination({ sync: true, dest: 1 })).debug({ a: 1 }, 'one')
    pino({ name: 'file', messageKey: 'text' }, pino.destination({ sync: true, dest: '/dev/null' })).error('two')`
  const supervised = await run(t, 'app.cjs', code, true)
  assert.equal(supervised.stderr, '')
  const records = supervised.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(
    records.map(({ level, msg }) => [level, msg]),
    [
      [20, 'one'],
      ['ERROR', 'two'],
    ],
  )
  const alone = await run(t, 'app.cjs', code, false)
  assert.deepEqual(alone.log, ['[DEBUG] one a=1', '[ERROR] two'])
})

test('the console: JSON under a hub, else its own output and the file', async (t) => {
  const code = `console.log('one'); console.error('two')`
  const supervised = await run(t, 'app.cjs', code, true)
  assert.deepEqual(shown(supervised.stdout), [
    ['INFO', 'console', 'one'],
    ['ERROR', 'console', 'two'],
  ])
  const alone = await run(t, 'app.cjs', code, false)
  assert.deepEqual([alone.stdout, alone.stderr, alone.log], ['one\n', 'two\n', ['[INFO] one', '[ERROR] two']])
})

const deaths: [string, string, RegExp][] = [
  ['an uncaught exception', `throw new Error('broken')`, /^\[CRITICAL\] Uncaught: broken$/],
  ['a rejection', `Promise.reject(new Error('broken'))`, /^\[CRITICAL\] Uncaught: broken$/],
  ['something thrown that is no error', `throw { a: 1 }`, /^\[CRITICAL\] Uncaught: \{ a: 1 \}$/],
]
for (const [what, code, line] of deaths) {
  test(`${what} is recorded with its stack, and the process dies as with any other preload`, async (t) => {
    const ended = await run(t, 'app.cjs', code, false)
    assert.match(ended.log[0]!, line)
    if (code.includes('Error'))
      assert.ok(
        ended.log.some((each) => /^ {4}at .*app\.cjs:1/.test(each)),
        ended.log.join('\n'),
      )
    const without = await run(t, 'app.cjs', code, false, nothing)
    const neutral = (text: string): string => text.replaceAll(/logboom-register-\w+/g, 'place')
    assert.deepEqual([ended.code, neutral(ended.stderr)], [without.code, neutral(without.stderr)])
    assert.equal(ended.code, 1)
  })
}

test('errors that the application handles itself are not recorded, and it goes on', async (t) => {
  const code = `process.on('uncaughtException', () => {}); process.on('unhandledRejection', () => {})
    setTimeout(() => console.log('goes on'), 20); Promise.reject(new Error('a')); throw new Error('b')`
  const { code: exit, log, stdout } = await run(t, 'app.cjs', code, false)
  assert.deepEqual([exit, log, stdout], [0, ['[INFO] goes on'], 'goes on\n'])
})

test('a name in the environment that is none does not end the application', async (t) => {
  const environment = { LOGBOOM_PROCESS: 'a..b' }
  const { code, stdout, stderr } = await run(t, 'app.cjs', `console.log('one')`, false, register, environment)
  assert.deepEqual([code, stdout], [0, 'one\n'])
  assert.match(stderr, /^logboom-logger: Records of this application are not kept: .*a\.\.b.*\n$/)
})

test('a pino too old to be followed is told once', async (t) => {
  const code = `const { mkdirSync, writeFileSync } = require('node:fs')
    for (const version of ['9.9.5', '9.10.0', '10.0.0', '8.21.0']) {
      const directory = __dirname + '/' + version + '/node_modules/pino'
      mkdirSync(directory, { recursive: true })
      writeFileSync(directory + '/pino.js', 'module.exports.version = ' + JSON.stringify(version))
      for (let n = 0; n < 2; n++) require(directory + '/pino.js')
    }
    require('pino')`
  const { code: exit, stderr } = await run(t, 'app.cjs', code, false)
  assert.equal(exit, 0)
  assert.match(
    stderr,
    /^logboom-logger: pino 9\.9\.5 tells nobody of its records: .*\nlogboom-logger: pino 8\.21\.0 tells nobody .*\n$/,
  )
})
