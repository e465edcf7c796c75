import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { LogboomError } from '../contracts/errors.ts'
import type { Parts } from './config-schema.ts'
import { loadConfig } from './load-config.ts'

// Parts of our own: these tests are about the configuration, whatever the product's parts come to be.
const unused = (): never => assert.fail('a configuration opens nothing')
const process_ = {
  type: 'process',
  section: 'processes',
  open: unused,
  options: () =>
    z.object({
      command: z.union([z.string().min(1), z.array(z.string()).min(1)]),
      cwd: z.string().optional(),
      env: z.record(z.string(), z.string()).optional(),
      restart: z.enum(['always', 'on-failure', 'never']).prefault('on-failure'),
      autostart: z.boolean().prefault(true),
      stopTimeoutMs: z.int().positive().prefault(10_000),
      backoff: z.object({ initialMs: z.number().prefault(500), maxMs: z.number().prefault(30_000) }).prefault({}),
    }),
}
const parts: Parts = {
  sourceTypes: [
    process_,
    { type: 'file', section: 'files', open: unused, options: () => z.object({ path: z.string() }) },
    {
      type: 'net',
      section: 'nets',
      open: unused,
      options: () =>
        z.union([
          z.union([z.int(), z.string()]).transform((port) => ({ port })),
          z.object({ port: z.union([z.int(), z.string()]) }),
        ]),
    },
  ],
  stageTypes: [{ name: 'parse', options: () => z.object({ formats: z.array(z.string()).prefault([]) }), open: unused }],
  sinkTypes: [
    {
      name: 'logFile',
      options: () =>
        z.object({
          directory: z.string().optional(),
          compress: z.union([z.literal(false), z.literal('gzip')]).prefault(false),
        }),
      open: unused,
    },
    { name: 'sessionFile', options: () => z.object({ directory: z.string().optional() }), open: unused },
  ],
  storeTypes: [
    { name: 'local', open: unused },
    { name: 'memory', open: unused },
  ],
}

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

async function complaint(files: Record<string, string>): Promise<LogboomError> {
  const error = await loadConfig({ directory: await place(files), parts }).then(
    () => assert.fail('it was accepted'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof LogboomError, String(error))
  return error
}

const yaml = (text: string): Record<string, string> => ({ 'logboom.config.yaml': text })
const json = (text: string): Record<string, string> => ({ 'logboom.config.json': text })
const inFile = (name: string) => (text: string) => ({ [name]: text })

const wrong: [what: string, files: Record<string, string>, message: string][] = [
  [
    'a wrong key, in YAML',
    yaml('processes:\n  api:\n    command: x\n    restrat: never\n'),
    'logboom.config.yaml:4:5: processes.api.restrat: there is no such key; did you mean "restart"?',
  ],
  [
    'a wrong key, in JSON',
    json('{ "processes": {\n  "api": { "command": "x", "Restart": "never" } } }'),
    'logboom.config.json:2:28: processes.api.Restart: there is no such key; did you mean "restart"?',
  ],
  [
    'a wrong key, in a module',
    inFile('logboom.config.ts')('export default { process: {} }'),
    'logboom.config.ts: process: there is no such key; did you mean "processes"?',
  ],
  [
    'a wrong key that is like none',
    yaml('session:\n  color: red\n'),
    'logboom.config.yaml:2:3: session.color: there is no such key; there are prefix',
  ],
  [
    'a wrong key deep within, which the part did not forbid',
    yaml('processes: { "my api": { command: x, backoff: { initial: 5 } } }'),
    'logboom.config.yaml:1:49: processes["my api"].backoff.initial: there is no such key; did you mean "initialMs"?',
  ],
  [
    'an unknown sink',
    yaml('sinks: { logfiles: {} }'),
    'logboom.config.yaml:1:10: sinks.logfiles: there is no such key; did you mean "logFile"?',
  ],
  [
    'a wrong type',
    yaml('server:\n  port: "80a"\n'),
    'logboom.config.yaml:2:9: server.port: must be a number, not "80a"',
  ],
  [
    'a number too big',
    json('{"server": {"port": 70000}}'),
    'logboom.config.json:1:21: server.port: must be at most 65535, not 70000',
  ],
  [
    'not a whole number',
    json('{"server": {"port": 1.5}}'),
    'logboom.config.json:1:21: server.port: must be a whole number, not 1.5',
  ],
  [
    'a number where text belongs',
    yaml('processes: { a: { command: x, env: { PORT: 80 } } }'),
    'logboom.config.yaml:1:44: processes.a.env.PORT: must be text, not 80; put it in quotes',
  ],
  [
    'one of several types',
    yaml('processes: { a: { command: { x: 1 } } }'),
    'logboom.config.yaml:1:28: processes.a.command: must be text or a list, not a group of keys',
  ],
  [
    'something missing',
    yaml('processes:\n  a:\n    restart: never\n'),
    'logboom.config.yaml:2:3: processes.a.command: is missing; it must be text or a list',
  ],
  [
    'nothing where a process belongs',
    yaml('processes:\n  a:\n'),
    'logboom.config.yaml:2:5: processes.a: must be a group of keys, not empty',
  ],
  [
    'an empty list',
    yaml('processes: { a: { command: [] } }'),
    'logboom.config.yaml:1:28: processes.a.command: must have at least one item',
  ],
  [
    'an empty text',
    yaml('processes: { a: { command: "" } }'),
    'logboom.config.yaml:1:28: processes.a.command: must not be empty',
  ],
  [
    'a wrong choice',
    yaml('processes: { a: { command: x, restart: on-failrue } }'),
    'logboom.config.yaml:1:40: processes.a.restart: must be "always", "on-failure" or "never", not "on-failrue"; did you mean "on-failure"?',
  ],
  [
    'what is neither this nor that',
    yaml('sinks: { logFile: { compress: gzp } }'),
    'logboom.config.yaml:1:31: sinks.logFile.compress: must be false or "gzip", not "gzp"; did you mean "gzip"?',
  ],
  [
    'a wrong key where a number or text would do as well',
    yaml('nets: { a: { port: 1, prot: 2 } }'),
    'logboom.config.yaml:1:23: nets.a.prot: there is no such key; did you mean "port"?',
  ],
  [
    'something wrong within a group where a number or text would do as well',
    yaml('nets: { a: { port: [] } }'),
    'logboom.config.yaml:1:20: nets.a.port: must be a number or text, not a list',
  ],
  [
    'neither a number nor text nor a group of keys',
    yaml('nets: { a: true }'),
    'logboom.config.yaml:1:12: nets.a: must be a number, text or a group of keys, not true; put it in quotes',
  ],
  [
    'a wrong level',
    yaml('logLevel: loud'),
    'logboom.config.yaml:1:11: logLevel: must be TRACE, DEBUG, INFO, WARNING, ERROR or CRITICAL, not "loud"',
  ],
  [
    'an age that is none',
    yaml('retention: { age: soon }'),
    'logboom.config.yaml:1:19: retention.age: must be a time like 30s, 1h30m, 30d, or false for no limit, not "soon"',
  ],
  [
    'a size without a unit that is known',
    yaml('retention: { sources: { api: { size: 3 moons } } }'),
    'logboom.config.yaml:1:38: retention.sources.api.size: must be a size like 500MB, 10GB, 2GiB, or false for no limit, not "3 moons"',
  ],
  [
    'a limit that is not there',
    yaml('retention: { sources: { api: { ages: 3d } } }'),
    'logboom.config.yaml:1:32: retention.sources.api.ages: there is no such key; did you mean "age"?',
  ],
  [
    'another word for no',
    yaml('retention: never'),
    'logboom.config.yaml:1:12: retention: must be false or a group of keys, not "never"',
  ],
  [
    'a prefix that is no file name',
    yaml('session: { prefix: a/b }'),
    'logboom.config.yaml:1:12: session.prefix: may only have letters, digits, ".", "_" and "-": it becomes part of file names',
  ],
  [
    'a key twice, in YAML',
    yaml('processes:\n  api:\n    command: x\n  api:\n    command: y\n'),
    'logboom.config.yaml:4:3: processes.api: is there twice',
  ],
  [
    'a key twice, in JSON',
    json('{ "processes": { "api": { "command": "x",\n "command": "y" } } }'),
    'logboom.config.json:2:2: processes.api.command: is there twice',
  ],
  [
    'a name twice, in a Procfile',
    inFile('Procfile')('a: x\nb: x\na: y\n'),
    'Procfile:3:1: processes.a: this name is already used in line 1',
  ],
  [
    'a line that is none, in a Procfile',
    inFile('Procfile')('a: x\n  what\n'),
    'Procfile:2:3: this line is not of the form "name: command"',
  ],
  [
    'a name in two sections',
    yaml('processes: { a: { command: x } }\nfiles:\n  a: { path: p }\n'),
    'logboom.config.yaml:3:3: files.a: this name is already used by processes.a; names are unique over all sections',
  ],
  [
    'our own name',
    inFile('Procfile')('logboom: x'),
    'Procfile:1:1: processes.logboom: the name "logboom" is Logboom\'s own; choose another',
  ],
  [
    'a name of nothing',
    json('{"files": {" ": {"path": "p"}}}'),
    'logboom.config.json:1:12: files[" "]: a name must not be empty',
  ],
  [
    'a name with a line feed',
    json('{"files": {"a\\nb": {"path": "p"}}}'),
    'logboom.config.json:1:12: files["a\\nb"]: a name must not have control characters',
  ],
  ['an empty file', yaml('# later\n'), 'logboom.config.yaml: must be a group of keys, such as processes; it is empty'],
  ['a list', json('[]'), 'logboom.config.json: must be a group of keys, such as processes; it is something else'],
  [
    'broken YAML',
    yaml('processes: [1\na: 2\n'),
    'logboom.config.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  [
    'two documents',
    yaml('logLevel: INFO\n---\nlogLevel: DEBUG\n'),
    'logboom.config.yaml:2:1: there is more than one document in this file',
  ],
  [
    'a module without a default export',
    inFile('logboom.config.js')('export const x = 1'),
    'logboom.config.js: has no default export; write: export default defineConfig({ … })',
  ],
  [
    'a module that throws',
    inFile('logboom.config.ts')('const x: any = undefined\nexport default { a: x.foo }'),
    "logboom.config.ts:2:23: TypeError: Cannot read properties of undefined (reading 'foo')",
  ],
  [
    'a module with a mistake in its syntax',
    inFile('logboom.config.js')('export default {\n  a: 1\n  b: 2\n}'),
    "logboom.config.js:3:1: SyntaxError: Unexpected identifier 'b'",
  ],
  [
    'a typed module with a mistake in its syntax',
    inFile('logboom.config.ts')('export default {\n  a: 1\n  b: 2\n}'),
    "logboom.config.ts:3:1: SyntaxError: Expected ',', got 'ident'",
  ],
  [
    'a module whose own import throws',
    { 'logboom.config.ts': "import './part.ts'\nexport default {}", 'part.ts': '\nthrow new Error("no key")\n' },
    'logboom.config.ts: no key (at part.ts:2:7)',
  ],
]

for (const [what, files, message] of wrong) {
  test(`refuses ${what}`, async () => {
    const error = await complaint(files)
    assert.equal(error.message, message)
    assert.equal(error.code, 'config-invalid')
  })
}

test('a missing module is named', async () => {
  const error = await complaint({ 'logboom.config.ts': "import 'nowhere-to-be-found'\nexport default {}" })
  assert.match(error.message, /^logboom\.config\.ts: Cannot find package 'nowhere-to-be-found'/)
})

test('broken JSON is told in the words of JSON, at its place', async () => {
  const error = await complaint(json('{\n  "server": {,}\n}'))
  assert.match(error.message, /^logboom\.config\.json:2:\d+: /)
})

test('all problems at once, in the order of the file', async () => {
  const { message } = await complaint(
    yaml('server:\n  prot: 1\nprocesses:\n  a:\n    comand: x\n  a: 3\nlogLevel: 5\n'),
  )
  assert.deepEqual(message.split('\n'), [
    'logboom.config.yaml has 4 problems',
    '  logboom.config.yaml:2:3: server.prot: there is no such key; did you mean "port"?',
    '  logboom.config.yaml:6:3: processes.a: is there twice',
    '  logboom.config.yaml:6:6: processes.a: must be a group of keys, not 3',
    '  logboom.config.yaml:7:11: logLevel: must be text, not 5; put it in quotes',
  ])
})
