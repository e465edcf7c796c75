// The logger under a hub (A2): one JSON line per record on standard output and nothing else; the hub has all that the record says.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'
import type { LogRecord } from '../../src/client/index.ts'

const logger = path.resolve(import.meta.dirname, '../../logger/src/index.ts')
const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }

/** The hub with applications in its folder, each of them a process of its name. */
async function startWith(apps: Record<string, string>, commands: Record<string, object> = {}): Promise<HubProcess> {
  const processes = Object.fromEntries(
    Object.keys(apps).map((name) => [
      name,
      { command: [process.execPath, `${name}.ts`], restart: 'never', ...commands[name] },
    ]),
  )
  const hub = prepareHub({ processes })
  for (const [name, code] of Object.entries(apps)) {
    const head = `import { auditLog, getLogger, getLoggerFromEnv, withContext } from ${JSON.stringify(logger)}\n`
    writeFileSync(path.join(hub.directory, `${name}.ts`), head + code)
  }
  await hub.start()
  return hub
}

async function recordsOf(hub: HubProcess, source: string): Promise<LogRecord[]> {
  return until(`the end of ${source}`, async () => {
    const records: LogRecord[] = []
    for await (const record of hub.records(`source:${source}`)) records.push(record)
    return records.some(({ kind, message }) => kind === 'event' && message.startsWith('exited')) && records
  })
}

test('level, logger, message, time, kind, fields and traces of records arrive at the hub as they were logged', async (t) => {
  const hub = await startWith({
    app: `
      const span = { spanContext: () => (${JSON.stringify(trace)}) }
      Object.assign(globalThis, { [Symbol.for('opentelemetry.js.api.1')]: { context: { active: () => ({ getValue: () => span }) } } })
      const logger = getLoggerFromEnv({ level: 'trace', logDir: 'own-logs' })
      logger.trace('t'); logger.debug('d'); logger.info('i'); logger.warn('w'); logger.error('e'); logger.fatal('c')
      withContext({ request_id: 'r-1' }, () => logger.getChild('db').child({ shop: 7 }).info({ ms: 1.5, list: [1], name: 'n', time: 'noon' }, 'two\\nlines é'))
      auditLog(logger, 'spawned', { action: 'instance_spawn', metadata: { instance_id: 'i-1' } })
      getLogger('site', { callsite: true }).info('here')
      logger.info({ level: 'error', time: 1_600_000_000_000, logger: 'x', msg: 'other' }, 'clash')
      console.log(Date.now())`,
  })
  t.after(() => hub.close())
  const records = (await recordsOf(hub, 'app')).filter(({ kind }) => kind !== 'event')
  const end = Number(records.pop()!.message)
  assert.deepEqual(
    records.map(({ kind, severity, logger: name, message, fields, traceId, spanId, time, stream }) => {
      assert.equal(stream, 'stdout')
      assert.ok(time <= end && time > end - 10_000)
      assert.deepEqual({ traceId, spanId }, trace)
      return [kind, severity, name, message, fields]
    }),
    [
      ['system', 1, 'app', 't', undefined],
      ['system', 5, 'app', 'd', undefined],
      ['system', 9, 'app', 'i', undefined],
      ['system', 13, 'app', 'w', undefined],
      ['system', 17, 'app', 'e', undefined],
      ['system', 21, 'app', 'c', undefined],
      [
        'system',
        9,
        'app.db',
        'two\nlines é',
        { request_id: 'r-1', shop: 7, ms: 1.5, list: [1], name: 'n', time: 'noon' },
      ],
      ['audit', 9, 'app', 'spawned', { action: 'instance_spawn', metadata: { instance_id: 'i-1' } }],
      ['system', 9, 'site', 'here', { module: 'app', function: '', line: 9 }],
      ['system', 9, 'app', 'clash', { level: 'error', time: 1_600_000_000_000, logger: 'x' }],
    ],
  )
  assert.equal(existsSync(path.join(hub.directory, 'own-logs')), false)
})

test('the log file of the hub has the lines that the logger writes by itself', async (t) => {
  const hub = await startWith({
    app: `
      const logger = getLoggerFromEnv()
      logger.info({ user: 'Ann Lee', at: new Date(0), list: ['a'] }, 'paid %s', 'cash')
      auditLog(logger, 'spawned', { action: 'instance_spawn' })
      logger.critical('first\\n  second')`,
  })
  t.after(() => hub.close())
  await recordsOf(hub, 'app')
  const lines = await until('the log file', () => {
    const text = readFileSync(path.join(hub.stateDirectory, 'logs/app.log'), 'utf8')
    return text.includes('exited') && text.replaceAll(/^\S+ \S+ \[\d+\] /gm, '').replaceAll(/^.*\[event\].*\n/gm, '')
  })
  assert.equal(
    lines,
    String.raw`[INFO] paid cash user="Ann Lee" at=1970-01-01T00:00:00.000Z list="[\"a\"]"
[INFO] spawned action=instance_spawn
[CRITICAL] first
  second
`,
  )
})

test('a descendant whose output goes elsewhere writes its own file; one in a pipe to the hub does not', async (t) => {
  const inner = `getLogger('inner', { logDir: 'inner-logs' }).info('from inside')`
  const hub = await startWith(
    {
      inner,
      redirected: inner,
      spawned: `
        import { execFileSync } from 'node:child_process'
        const text = String(execFileSync(process.execPath, ['inner.ts']))
        getLoggerFromEnv().info({ isText: /^\\[[\\d:]+\\] \\[\\d+\\] \\[INFO\\] from inside\\n$/.test(text) }, 'spawned')`,
    },
    {
      inner: { command: ['sh', '-c', `${process.execPath} inner.ts | cat`] },
      redirected: { command: ['sh', '-c', `${process.execPath} redirected.ts > out.txt`] },
      spawned: { dependsOn: ['inner', 'redirected'] },
    },
  )
  t.after(() => hub.close())
  const piped = await recordsOf(hub, 'inner')
  assert.ok(piped.some(({ logger: name, message }) => name === 'inner' && message === 'from inside'))
  const redirected = await recordsOf(hub, 'redirected')
  assert.ok(redirected.every(({ kind }) => kind === 'event'))
  const spawned = await recordsOf(hub, 'spawned')
  assert.deepEqual(spawned.find(({ message }) => message === 'spawned')?.fields, { isText: true })
  assert.match(readFileSync(path.join(hub.directory, 'out.txt'), 'utf8'), /^\[[\d:]+\] \[\d+\] \[INFO\] from inside\n$/)
  const files = readdirSync(path.join(hub.directory, 'inner-logs'))
  const lines = files.flatMap((file) =>
    readFileSync(path.join(hub.directory, 'inner-logs', file), 'utf8').match(/from inside/g),
  )
  assert.equal(lines.length, 2)
})

test('`logboom level` changes what a running logger logs, and `default` gives its own level back', async (t) => {
  const hub = await startWith({
    app: `
      const logger = getLoggerFromEnv({ level: 'error' })
      let last = ''
      setInterval(() => { if (logger.level !== last) console.log('now ' + (last = logger.level)); logger.debug('debugging') }, 5)`,
  })
  t.after(() => hub.close())
  const said = async (text: string, count: number): Promise<void> => {
    await until(`${count} times "${text}"`, async () => {
      let found = 0
      for await (const { message } of hub.records('source:app')) if (message === text) found++
      return found >= count
    })
  }
  await said('now error', 1)
  assert.equal((await hub.command('level', 'app', 'debug')).code, 0)
  await said('now debug', 1)
  await said('debugging', 1)
  assert.equal((await hub.command('level', 'app', 'default')).code, 0)
  await said('now error', 2)
})
