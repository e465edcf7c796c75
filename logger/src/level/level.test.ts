import assert from 'node:assert/strict'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { makeAppFolder, until } from '../app-harness.ts'
import { levelNameOf, parseLevel } from './levels.ts'
import { startLevel } from './start-level.ts'

test('levels are known in any customary spelling', () => {
  const known = {
    WARN: 'warning',
    Fatal: 'critical',
    critical: 'critical',
    err: 'error',
    ' info ': 'info',
    off: 'silent',
  }
  for (const [text, label] of Object.entries(known)) assert.equal(parseLevel(text), label)
  assert.equal(parseLevel('loud'), undefined)
  assert.deepEqual([5, 10, 35, 40, 60, 90].map(levelNameOf), [
    'TRACE',
    'TRACE',
    'INFO',
    'WARNING',
    'CRITICAL',
    'CRITICAL',
  ])
})

test('the command line beats the environment, which beats the code, which beats INFO', () => {
  const environment = { LOG_LEVEL: 'error', LOGBOOM_LEVEL: 'debug' }
  const cases: [argv: string[], NodeJS.ProcessEnv, option: string | undefined, label: string][] = [
    [['--log-level=trace'], environment, 'warning', 'trace'],
    [['x', '--log-level', 'WARN'], environment, undefined, 'warning'],
    [['--log-level', 'debug', '--log-level=trace'], {}, undefined, 'trace'],
    [['--', '--log-level=trace'], environment, undefined, 'error'],
    [[], { LOGBOOM_LEVEL: 'debug', LOG_LEVEL: '' }, 'warning', 'debug'],
    [['--log-level'], {}, 'warning', 'warning'],
    [[], {}, undefined, 'info'],
  ]
  for (const [argv, variables, option, label] of cases)
    assert.equal(startLevel({ argv, environment: variables, option }), label, JSON.stringify([argv, variables, option]))
})

test('a level that nobody knows is told with those that there are, and passed over', async (t) => {
  const app = makeAppFolder(t)
  const { stderr, stdout } = await app.run(`console.log(getLogger('a', { logDir, level: 'error' }).level)`, {
    LOG_LEVEL: 'loud',
  })
  assert.equal(stdout, 'error\n')
  assert.match(stderr, /^logboom-logger: LOG_LEVEL is "loud", which is no level\. Levels are trace, .*\n$/)
})

test('a level holds for the children of a logger, also later, unless they have their own', async (t) => {
  const app = makeAppFolder(t)
  const { stdout, stderr } = await app.run(`
    const host = getLogger('host', { logDir, console: false })
    const db = host.getChild('db')
    const deep = getLogger('host.db.pool')
    const own = getLogger('host.web', { level: 'error' })
    const child = db.child({ a: 1 })
    const levels = () => console.log([host, db, deep, own, child].map((logger) => logger.level).join())
    levels()
    host.level = 'DEBUG'
    levels()
    db.level = 'warn'
    levels()
    host.level = 'silent'
    levels()
    console.log(db.getChild('pool') === deep, getLogger('host') === host, deep.name, host.isLevelEnabled('ERROR'), db.isLevelEnabled('error'))
    child.warn('shown'); child.info('not shown'); host.fatal('not shown'); host.silent('not shown')
    try { host.level = 'loud' as 'info' } catch (error) { console.log(String(error)) }`)
  assert.equal(stderr, '')
  assert.equal(
    stdout,
    [
      'info,info,info,error,info',
      'debug,debug,debug,error,debug',
      'debug,warning,warning,error,warning',
      'silent,warning,warning,error,warning',
      'true true host.db.pool false true',
      'TypeError: There is no level "loud". Levels are trace, debug, info, warning, error, critical and silent.',
      '',
    ].join('\n'),
  )
  assert.match(app.read('host.log'), /^.*\[WARNING\] shown a=1\n$/)
})

test('the control file sets the level while the process runs, and gives it back; what is broken changes nothing', async (t) => {
  const app = makeAppFolder(t)
  const file = path.join(app.directory, 'control', 'app.json')
  const running = app.start(
    `
    const logger = getLogger('app', { logDir, console: false, level: 'error' })
    let last = ''
    setInterval(() => { if (logger.level !== last) console.log(last = logger.level) }, 5)
    process.stdin.on('data', () => { logger.level = 'warn' })`,
    { LOGBOOM_CONTROL: file },
  )
  const said: string[] = []
  const next = async (level: string): Promise<void> => {
    said.push(`${level}\n`)
    await until(level, () => running.stdout() === said.join(''))
  }
  const write = (text: string): void => {
    writeFileSync(`${file}.new`, text)
    renameSync(`${file}.new`, file)
  }
  await next('error')
  mkdirSync(path.dirname(file))
  write('{"source":"app","level":"DEBUG"}\n')
  await next('debug')
  write('{"source":"app","level":"TRACE"}\n')
  await next('trace')
  write('{"level"')
  await until('the warning', () => running.stderr().includes('is no control file'))
  write('{"level":"LOUD"}')
  write('{"source":"app","level":null}')
  await next('error')
  write('{"level":"INFO"}')
  await next('info')
  running.child.stdin!.write('x')
  await next('warning')
  rmSync(file)
  write('{"level":"CRITICAL"}')
  await next('critical')
  rmSync(path.dirname(file), { recursive: true })
  await next('warning')
  assert.match(running.stderr(), /^logboom-logger: .*app\.json is no control file \(.*\); levels stay as they are\n$/)
})
