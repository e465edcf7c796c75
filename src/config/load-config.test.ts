import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { LogboomError } from '../contracts/errors.ts'
import type { Config } from './config.ts'
import type { FileOptions, ProcessOptions } from './logboom-config.ts'
import { configForCommand, loadConfig, type LoadOptions } from './load-config.ts'

let directory: string
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'logboom-config-'))
})
after(() => rm(directory, { recursive: true }))

let count = 0
/** A new directory with these files in it. */
async function place(files: Record<string, string>): Promise<string> {
  const home = join(directory, String(++count))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true })
    await writeFile(join(home, name), text)
  }
  return home
}

async function load(files: Record<string, string>, options: Partial<LoadOptions> = {}): Promise<Config> {
  return loadConfig({ directory: await place(files), ...options })
}

async function complaint(files: Record<string, string>, options: Partial<LoadOptions> = {}): Promise<LogboomError> {
  const error = await load(files, options).then(
    () => assert.fail('it was accepted'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof LogboomError, String(error))
  return error
}

const yaml = (text: string): Record<string, string> => ({ 'logboom.config.yaml': text })
const json = (text: string): Record<string, string> => ({ 'logboom.config.json': text })

test('every format says the same', async () => {
  const same: Record<string, string> = {
    'logboom.config.ts':
      'const command: string = "node api.js"\nexport default { processes: { api: { command } } } as object',
    'logboom.config.js': 'export default { processes: { api: { command: "node api.js" } } }',
    'logboom.config.mjs': 'export default async () => ({ processes: { api: { command: "node api.js" } } })',
    'logboom.config.yaml': 'processes:\n  api:\n    command: node api.js\n',
    'logboom.config.yml': '\uFEFFprocesses: { api: { command: node api.js } }',
    'logboom.config.json': '{\n\t"processes": { "api": { "command": "node api.js" } }\n}\n',
    Procfile: '# what we run\n\napi: node api.js\n',
  }
  for (const [name, text] of Object.entries(same)) {
    const config = await load({ [name]: text })
    assert.equal(config.file, join(config.directory, name))
    assert.deepEqual(
      config.sources.map(({ type, name: source, options }) => [type, source, (options as { command: string }).command]),
      [['process', 'api', 'node api.js']],
      name,
    )
  }
})

test('defaults, and paths beside the configuration', async () => {
  const config = await load(yaml('sinks: { logFile: { directory: ../logs } }\nprocesses:\n'))
  assert.equal(config.stateDirectory, join(config.directory, '.logboom'))
  assert.deepEqual(config.server, { host: '127.0.0.1', origins: [] })
  assert.equal((config.sinks.logFile as { directory: string }).directory, join(directory, 'logs'))
  assert.ok(config.sinks.sessionFile && config.stages.parse && config.stages.guessLevel)
  assert.deepEqual([config.store, config.logLevel, config.session.prefix], ['local', 'INFO', 'logboom-session'])
})

test('the session file can also be set by the keys of old', async () => {
  const { sinks, directory: home } = await load(yaml('sessionFilePath: sessions\nfileFlushIntervalMs: 100'))
  const { directory: sessions, flushIntervalMs } = sinks.sessionFile as { directory: string; flushIntervalMs: number }
  assert.deepEqual([sessions, flushIntervalMs], [join(home, 'sessions'), 100])
})

test('what is kept: 30 days and 10 GB, or what is said', async () => {
  const dayMs = 86_400_000
  const of = async (text: string): Promise<unknown> => (await load(yaml(text))).retention
  const usual = { ageMs: 30 * dayMs, bytes: 1e10, sources: [] }
  for (const text of ['processes:\n', 'retention:\n', 'retention: {}']) assert.deepEqual(await of(text), usual)
  const nothing = { ageMs: false, bytes: false, sources: [] }
  assert.deepEqual(await of('retention: false'), nothing)
  assert.deepEqual(await of('retention: { age: false, size: false }'), nothing)
  assert.deepEqual(
    await of('retention: { age: 12h, sources: { "api*": { age: 7d }, audit: { age: false, size: 1GiB } } }'),
    {
      ...usual,
      ageMs: dayMs / 2,
      sources: [
        { pattern: 'api*', ageMs: 7 * dayMs },
        { pattern: 'audit', ageMs: false, bytes: 2 ** 30 },
      ],
    },
  )
})

test('a stage or sink is switched off with false', async () => {
  const config = await load(yaml('sinks: { sessionFile: false, logFile: true }\nstages: { parse: false }'))
  assert.deepEqual(
    [Object.keys(config.sinks), Object.keys(config.stages)],
    [['logFile'], ['joinLines', 'redact', 'guessLevel', 'drop']],
  )
})

test('for some sources stages are others, by the first pattern that matches', async () => {
  const config = await load(
    yaml(`stages:
  guessLevel: false
  sources:
    'api-*': { joinLines: { indented: true }, parse: false, guessLevel: true }
    '*': { joinLines: false }`),
  )
  assert.equal(config.stages['guessLevel'], undefined)
  const [api, others] = config.stagesOfSources
  assert.deepEqual(
    [api?.pattern, api?.stages['parse'], api?.stages['guessLevel'], others],
    ['api-*', false, {}, { pattern: '*', stages: { joinLines: false } }],
  )
  assert.equal((api!.stages['joinLines'] as { indented: boolean }).indented, true)
  await assert.rejects(
    load(yaml('stages: { sources: { api: { joinLine: false } } }')),
    /joinLine.*did you mean "joinLines"/,
  )
  await assert.rejects(load(yaml('stages: { joinLines: { start: "(" } }')), /start.*must be a regular expression/)
})

test('defineConfig comes from this Logboom, installed in the project or not', async () => {
  const text =
    "import { defineConfig } from 'logboom'\nexport default defineConfig({ processes: { a: { command: 'x' } } })"
  for (const name of ['logboom.config.ts', 'logboom.config.js']) {
    const { sources } = await load({ [name]: text, 'package.json': '{}' })
    assert.equal(sources[0]?.name, 'a', name)
  }
})

test('a configuration is preferred to a Procfile, and one named beats both', async () => {
  const files = {
    ...yaml('processes: { a: { command: x } }'),
    Procfile: 'b: x',
    'other/my.yml': 'processes: { c: { command: x } }',
  }
  assert.equal((await load(files)).sources[0]?.name, 'a')
  const home = await place(files)
  const config = await loadConfig({ directory: home, file: join(home, 'other/my.yml') })
  assert.equal(config.sources[0]?.name, 'c')
  assert.equal(config.stateDirectory, join(home, 'other/.logboom'))
})

test('names of the hub are names, and its certificate lies beside the configuration unless a flag says otherwise', async () => {
  const file = yaml('server: { host: 0.0.0.0, hosts: [logs.example.org], tls: { cert: own.pem, key: /etc/key.pem } }')
  const { directory: home, server } = await load(file)
  assert.deepEqual([server.host, server.hosts], ['0.0.0.0', ['logs.example.org']])
  assert.deepEqual(server.tls, { cert: join(home, 'own.pem'), key: '/etc/key.pem' })
  const overrides = { tls: { cert: '/flag/cert.pem', key: '/flag/key.pem' } }
  assert.deepEqual((await load(file, { overrides })).server.tls, overrides.tls)
  const { message } = await complaint(yaml('server: { hosts: ["logs.example.org:7420"] }'))
  assert.match(message, /server\.hosts.*must be a name such as logs\.example\.org, without a port/)
})

test('flag beats environment beats file beats default', async () => {
  const file = yaml('logLevel: warn\nserver: { port: 1 }\nstateDirectory: from-file\nsessionFilePath: sessions-file')
  const environment = {
    LOGGING_LEVEL: 'error',
    LOGBOOM_PORT: '2',
    LOGBOOM_STATE: '/from/env',
    SESSION_LOG_PATH: '/sessions/env',
    MAX_MEMORY_LOGS: '500',
  }
  const overrides = { logLevel: 'TRACE', port: 3, stateDirectory: '/from/flag' } as const
  const pick = ({ logLevel, server, stateDirectory, sinks, directory: home }: Config) => [
    logLevel,
    server.port,
    stateDirectory.replace(`${home}/`, ''),
    (sinks.sessionFile as { directory: string }).directory.replace(`${home}/`, ''),
  ]
  assert.deepEqual(pick(await load(file)), ['WARNING', 1, 'from-file', 'sessions-file'])
  assert.equal((await load(file)).maxMemoryLogs, 1000)
  assert.equal((await load(file, { environment })).maxMemoryLogs, 500)
  assert.deepEqual(pick(await load(file, { environment })), ['ERROR', 2, '/from/env', '/sessions/env'])
  assert.deepEqual(pick(await load(file, { environment, overrides })), ['TRACE', 3, '/from/flag', '/sessions/env'])
  const absent = { logLevel: undefined, port: undefined } as unknown as LoadOptions['overrides']
  assert.equal((await load(file, { environment, overrides: absent })).server.port, 2)
  assert.equal((await load(file, { environment: { LOGBOOM_PORT: '' } })).server.port, 1)
})

test('the memory that clients are shown from is a number of lines', async () => {
  const { message } = await complaint(yaml('{}'), { environment: { MAX_MEMORY_LOGS: 'many' } })
  assert.match(message, /MAX_MEMORY_LOGS: must be a number/)
})

test('origins are written as browsers write them', async () => {
  const { server } = await load(yaml('server: { origins: ["http://localhost:3000"] }'))
  assert.deepEqual(server.origins, ['http://localhost:3000'])
  for (const wrong of ['localhost:3000', 'http://localhost:3000/', '*', 'http://localhost:80'])
    assert.match((await complaint(yaml(`server: { origins: ["${wrong}"] }`))).message, /must be an origin/)
})

test('names given on the command line start, the others wait', async () => {
  const text = yaml('processes: { a: { command: x }, b: { command: x, autostart: false } }')
  const { sources } = await load(text, { overrides: { names: ['b'] } })
  assert.deepEqual(
    sources.map(({ options }) => (options as { autostart?: boolean }).autostart),
    [false, true],
  )
  const grouped = yaml('processes: { a-1: { command: x, group: g }, a-2: { command: x }, b: { command: x } }')
  const picked = await load(grouped, { overrides: { names: ['@g', 'b*'] } })
  assert.deepEqual(
    picked.sources.map(({ options }) => (options as { autostart?: boolean }).autostart),
    [true, false, true],
  )
  const error = await complaint(text, { overrides: { names: ['bb'] } })
  assert.equal(error.code, 'unknown-source')
  assert.equal(error.message, 'there is no source "bb"; did you mean "b"?')
})

test('one command needs no configuration', async () => {
  const config = await configForCommand(['/usr/bin/node', 'server.js'], { directory })
  assert.deepEqual(
    config.sources.map(({ name }) => name),
    ['node'],
  )
  const options = config.sources[0]!.options as { command: string[]; restart: string }
  assert.deepEqual([options.command, options.restart], [['/usr/bin/node', 'server.js'], 'never'])
  assert.equal(config.file, undefined)
  assert.equal((await configForCommand(['logboom'], { directory })).sources[0]?.name, 'command')
  await assert.rejects(configForCommand(['x'], { directory, name: 'logboom' }), {
    message: 'command line: processes.logboom: the name "logboom" is Logboom\'s own; choose another',
  })
})

test('the environment is checked too', async () => {
  const { message } = await complaint(yaml('{}'), { environment: { LOGBOOM_PORT: 'web', LOGGING_LEVEL: 'loud' } })
  assert.deepEqual(message.split('\n'), [
    'environment has 2 problems',
    '  environment: LOGBOOM_PORT: must be a number, not "web"',
    '  environment: LOGGING_LEVEL: must be TRACE, DEBUG, INFO, WARNING, ERROR or CRITICAL, not "loud"',
  ])
})

test('no configuration, two of them, one that is not there, one of no known kind', async () => {
  const none = await complaint({ 'readme.md': '' })
  assert.equal(none.code, 'config-missing')
  assert.match(none.message, /^there is no configuration in .*logboom\.config\.ts.*Procfile\)$/)
  const two = await complaint({ ...yaml('{}'), ...json('{}') })
  assert.equal(two.message, 'logboom.config.yaml and logboom.config.json are both here, and only one can count')
  const gone = await complaint({ 'readme.md': '' }, { file: '/nowhere/x.yaml' })
  assert.deepEqual([gone.code, gone.message], ['config-missing', 'there is no file /nowhere/x.yaml'])
  const home = await place({ 'x.toml': '' })
  await assert.rejects(loadConfig({ directory: home, file: join(home, 'x.toml') }), /x\.toml: this is no kind/)
})

test('what editors are told about a process is what is accepted', async () => {
  const byTheClock: Required<Pick<ProcessOptions, 'schedule' | 'timeZone' | 'overlap' | 'catchUp'>> = {
    schedule: '*/5 * * * mon-fri',
    timeZone: 'Europe/Berlin',
    overlap: 'kill',
    catchUp: true,
  }
  const everything: Required<Omit<ProcessOptions, keyof typeof byTheClock | 'every'>> = {
    command: ['node', 'api.js'],
    cwd: '.',
    env: { PORT: 80, DEBUG: true, NAME: 'x' },
    envFile: ['.env'],
    restart: 'always',
    stdin: 'empty',
    stopSignal: 'SIGINT',
    stopTimeoutMs: 1,
    autostart: false,
    backoff: { initialMs: 1, maxMs: 2 },
    crashLoop: { exits: 2, withinMs: 3 },
    unbuffered: false,
    ready: { port: 5432, intervalMs: 10, timeoutMs: 4 },
    dependsOn: { db: 'ready' },
    instances: 2,
    firstPort: 3000,
    group: 'backend',
    watch: { files: ['src/**'], ignore: ['*.test.js'], debounceMs: 5 },
    title: 'API',
  }
  const { sources } = await load(
    json(
      JSON.stringify({
        processes: {
          api: everything,
          db: { command: 'db', ...byTheClock },
          job: { command: 'job', every: '90s' },
          web: { command: 'web', watch: 'src' },
        },
      }),
    ),
  )
  const text = { env: { PORT: '80', DEBUG: 'true', NAME: 'x' }, overlap: 'skip', catchUp: false }
  assert.deepEqual(sources[0]!.options, { ...everything, ...text })
  const { schedule, timeZone, overlap, catchUp } = sources[1]!.options as typeof byTheClock
  assert.deepEqual({ schedule, timeZone, overlap, catchUp }, byTheClock)
  assert.equal((sources[2]!.options as { every: number }).every, 90_000)
  const { watch } = sources[3]!.options as { watch: object }
  assert.deepEqual(watch, { files: ['src'], ignore: [], debounceMs: 300 })
})

test('what editors are told about files is what is accepted, also in short', async () => {
  const everything: Required<FileOptions> = {
    paths: ['a/*.log', 'b.log'],
    exclude: ['a/x.log'],
    start: 'beginning',
    encoding: 'latin1',
    compressed: true,
    allow: ['/srv'],
    title: 'A',
  }
  const { sources } = await load(json(JSON.stringify({ files: { a: everything, b: 'b.log', c: ['c.log'] } })))
  assert.deepEqual(sources[0]!.options, everything)
  const short = { exclude: [], start: 'end', encoding: 'utf-8', compressed: false, allow: [] }
  assert.deepEqual(
    sources.slice(1).map(({ options }) => options),
    [
      { ...short, paths: ['b.log'] },
      { ...short, paths: ['c.log'] },
    ],
  )
})

test('who waits for nobody there is, or in a circle, is told', async () => {
  const processes = {
    api: { command: 'x', dependsOn: ['dbb', 'web'] },
    db: { command: 'x' },
    web: { command: 'x', dependsOn: { api: 'ready' } },
  }
  await assert.rejects(load(json(JSON.stringify({ processes }))), (error: Error) => {
    assert.match(error.message, /api.dependsOn: there is no source "dbb"; did you mean "db"\?/)
    assert.match(error.message, /api.dependsOn: waits in a circle: api → web → api/)
    return true
  })
})
