// The command line as its users meet it: as a program, from outside.
import assert from 'node:assert/strict'
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HubFile } from '../../src/hub/hub-file.ts'
import { identify, lifeOf } from '../../src/supervise/process/identity.ts'

const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')
const places: string[] = []

after(async () => {
  for (const place of places) {
    await logboom(place, ['down'])
    await rm(place, { recursive: true })
  }
})

async function place(files: Record<string, string> = {}): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'logboom-cli-'))
  places.push(directory)
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(directory, name), text)
  return directory
}

const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(LOGBOOM_|LOGGING_|NO_COLOR|FORCE_COLOR|NODE_)/.test(name)),
)

interface Result {
  code: number | string
  stdout: string
  stderr: string
}

function logboom(cwd: string, args: string[], env: Record<string, string> = {}, flags: string[] = []): Promise<Result> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...environment, ...env }, timeout: 60_000 }
    execFile(process.execPath, [...flags, bin, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? String(error.signal)) : 0, stdout, stderr }),
    )
  })
}

/** A command that goes on; `text` is what it has printed. */
function begin(
  cwd: string,
  args: string[],
): { child: ChildProcess; text: () => string; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: environment })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (data: string) => (text += data))
  return { child, text: () => text, ended: once(child, 'exit').then(([code]) => code as number | null) }
}

async function until(what: string, condition: () => unknown, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) assert.fail(`waited in vain for: ${what}`)
    await sleep(20)
  }
}

const hubFile = async (directory: string): Promise<HubFile> =>
  JSON.parse(await readFile(path.join(directory, '.logboom/hub.json'), 'utf8')) as HubFile

/** A zombie is dead, whoever has not yet asked for its exit. */
function isAlive(pid: number): boolean {
  const identity = identify(pid)
  return identity !== undefined && lifeOf(identity) === 'alive'
}

const counter = 'i=0; while :; do echo "tick $i"; i=$((i+1)); sleep 0.1; done'
const procfile = { Procfile: `ticker: ${counter}\n` }

test('help and version, at once and without what they do not need', async () => {
  const heavy = `import { registerHooks } from 'node:module'
    registerHooks({ resolve(name, context, next) {
      if (/^(zod|fastify|ws|yaml|re2js)$|\\/(hub|sources\\/index|stores\\/index)\\.ts$/.test(name)) throw new Error('loads ' + name)
      return next(name, context)
    } })`
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(heavy)}`]
  for (const args of [['--help'], ['up', '--help'], ['logs', '--help'], ['--version']]) {
    const { code, stdout, stderr } = await logboom(tmpdir(), args, {}, flags)
    assert.deepEqual([code, stderr], [0, ''], args.join(' '))
    assert.match(stdout, args[0] === '--version' ? /^\d+\.\d+\.\d+\n$/ : /Examples:/)
  }
})

test('wrong usage is told on standard error, with what would be right, and code 2', async () => {
  const wrong: [args: string[], message: RegExp][] = [
    [['lgos'], /^logboom: unknown command 'lgos'\n.*logs/],
    [['up', '--prot', '1'], /^logboom: unknown option '--prot'\n.*--port/],
    [['up', '--port', '99999'], /A port is a number from 0 to 65535/],
    [['run'], /missing required argument 'command'/],
    [['run', '--restart', 'sometimes', '--', 'true'], /Allowed choices are always, on-failure, never/],
    [['logs', '--since', 'whenever'], /^logboom: --since "whenever" is no time\n.*15m/],
    [['logs', '--since', '-5m'], /^logboom: --since "-5m" is no time\n {2}5m ago is written --since 5m\n$/],
    [['logs', 'since:-5m'], /^logboom: -5m is not a time .*\n {2}5m ago is written since:5m\n$/],
    [['scale', 'web', '0'], /It must be a whole number from 1 to 500\.\n {2}Try: logboom scale --help\n$/],
    [['scale', 'web', '501'], /from 1 to 500/],
    [['context', '1', '-A', '1001'], /It must be a whole number from 0 to 1000\.\n {2}Try: logboom context --help\n$/],
    [['store', 'retain', '--aeg', '1d'], /unknown option '--aeg'\n.*\n {2}Try: logboom store retain --help\n$/],
    [['stop', 'web', '--all'], /^logboom: --all and names contradict each other\n {2}Either logboom stop web, or/],
    [['logs', 'level:('], /^logboom: .*\(at character \d+\)/],
    [['logs', '--all', '-n', '5'], /^logboom: --all and --lines contradict each other/],
    [['check', '--config', 'nowhere.yaml'], /^logboom: there is no file .*nowhere\.yaml\n/],
    [['up'], /^logboom: there is no configuration in .*\n.*logboom run/],
  ]
  const here = await place()
  for (const [args, message] of wrong) {
    const { code, stdout, stderr } = await logboom(here, args)
    assert.deepEqual([code, stdout], [2, ''], args.join(' '))
    assert.match(stderr, message)
    assert.doesNotMatch(stderr, /\n\s+at /, 'no stack')
  }
})

test('what needs a hub says where there is none, with code 1; down has nothing to do', async () => {
  const here = await place()
  for (const args of [['ps'], ['logs'], ['restart', 'api']]) {
    const { code, stderr } = await logboom(here, args)
    assert.equal(code, 1, args.join(' '))
    assert.match(stderr, /^logboom: no hub is running in .*\.logboom.*\n {2}Start it with: logboom up\n$/)
  }
  assert.equal((await logboom(here, ['down'])).code, 0)
})

test('an old Node.js is told so', async () => {
  const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.4' } })`
  const { code, stderr } = await logboom(tmpdir(), ['--help'], {}, ['--import', `data:text/javascript,${old}`])
  assert.equal(code, 1)
  assert.match(stderr, /^logboom: needs Node\.js 24\.12 or newer, and this is Node\.js 20\.19\.4/)
})

test('check says what would run, or what is wrong', async () => {
  const here = await place(procfile)
  const right = await logboom(here, ['check'])
  assert.equal(right.code, 0)
  assert.match(right.stdout, /Procfile is right\n\n {2}ticker +i=0;/)
  const json = JSON.parse((await logboom(here, ['check', '--json'])).stdout) as { sources: { name: string }[] }
  assert.deepEqual(
    json.sources.map(({ name }) => name),
    ['ticker'],
  )
  await writeFile(path.join(here, 'logboom.config.yaml'), 'proceses: {}\n')
  const { code, stderr } = await logboom(here, ['check'])
  assert.equal(code, 2)
  assert.match(
    stderr,
    /^logboom: logboom\.config\.yaml:1:1: proceses: there is no such key; did you mean "processes"\?\n/,
  )
})

test('doctor finds this machine fit, and a place that cannot be written to not', async () => {
  const here = await place(procfile)
  const fit = await logboom(here, ['doctor'])
  assert.equal(fit.code, 0, fit.stdout)
  assert.match(fit.stdout, /✓ Node\.js/)
  const unfit = await logboom(here, ['doctor', '--state', '/proc/nowhere'])
  assert.equal(unfit.code, 1)
  assert.match(unfit.stdout, /✗ state directory +\/proc\/nowhere/)
})

test('run shows the output of its command and ends with its exit code', async () => {
  const here = await place()
  const script = 'echo out; echo err >&2; printf "\\033]0;title\\007last"; exit 7'
  const { code, stdout, stderr } = await logboom(here, ['run', '--port', '0', '--', 'sh', '-c', script])
  assert.deepEqual([code, stdout], [7, 'out\nlast\n'])
  assert.match(stderr, /^logboom: dashboard at http:\/\/127\.0\.0\.1:\d+\n(.*\n)*err\n/)
  assert.equal((await logboom(here, ['run', '--port', '0', '--', 'sh', '-c', 'kill -KILL $$'])).code, 137)
  const missing = await logboom(here, ['run', '--port', '0', '--', 'no-such-command'])
  assert.equal(missing.code, 127)
  assert.match(missing.stderr, /command not found: no-such-command/)
  const many = await logboom(here, ['run', '--port', '0', '--name', 'many', '--', 'seq', '1', '20000'])
  assert.equal(many.stdout, Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`).join(''))
  const stored = await logboom(here, ['logs', '--source', 'sh', 'NOT kind:event (out OR err)'])
  assert.deepEqual(
    stored.stdout.split('\n').map((line) => line.slice(24)),
    ['sh       [INFO] out', 'sh       [INFO] err', ''],
  )
})

test('up runs until Ctrl-C, keeps its console clean, and the others tell of it', async () => {
  const here = await place(procfile)
  const up = begin(here, ['up', '--port', '0'])
  await until('the banner and the start', () =>
    /Dashboard[^]*ticker started|ticker started[^]*Dashboard/.test(up.text()),
  )
  assert.match(up.text(), /Dashboard {2}http:\/\/127\.0\.0\.1:\d+\n/)
  assert.match(up.text(), /\[\d\d:\d\d:\d\d\] \[\d+\] \[INFO\] ticker started/)

  const ps = await logboom(here, ['ps'])
  assert.match(ps.stdout, /ticker +running +\d+/)
  const before = JSON.parse((await logboom(here, ['ps', '--json'])).stdout) as { sources: { pid: number }[] }
  assert.match((await logboom(here, ['restart', 'ticker'])).stdout, /^ticker restarted \(PID \d+\)\n$/)
  assert.equal(isAlive(before.sources[0]!.pid), false)
  const wrong = await logboom(here, ['stop', 'tikcer'])
  assert.equal(wrong.code, 2)
  assert.match(wrong.stderr, /there is no source "tikcer"; did you mean "ticker"\?/)
  assert.equal((await logboom(here, ['stop', 'ticker'])).stdout, 'ticker stopped\n')
  assert.equal((await logboom(here, ['start', 'ticker'])).code, 0)

  const second = begin(here, ['up'])
  await until('the second up attaches', () => second.text().includes('Attached'))
  assert.match(second.text(), /already running here[^]*ticker +running/)
  await logboom(here, ['restart', 'ticker'])
  await until('the second up sees events', () => /\[event\] started/.test(second.text()))
  second.child.kill('SIGINT')
  assert.equal(await second.ended, 0)
  assert.match(second.text(), /Detached/)

  const { sources } = JSON.parse((await logboom(here, ['ps', '--json'])).stdout) as { sources: { pid: number }[] }
  up.child.kill('SIGINT')
  assert.equal(await up.ended, 130)
  assert.match(up.text(), /Stopping ticker/)
  assert.doesNotMatch(up.text(), /tick \d/, 'no output of a child on the console')
  assert.equal(isAlive(sources[0]!.pid), false)

  const colored = await logboom(here, ['logs', '-n', '1', 'tick'], { FORCE_COLOR: '1' })
  assert.match(colored.stdout, /\u001b\[38;5;\d+mticker/)
  assert.doesNotMatch((await logboom(here, ['logs', '-n', '1'], { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout, /\u001b/)
  assert.doesNotMatch((await logboom(here, ['logs', '-n', '1', '--no-color'], { FORCE_COLOR: '1' })).stdout, /\u001b/)
})

test('logs go on across hubs and addresses; what a dead hub left is taken over, or stopped', async () => {
  const here = await place(procfile)
  assert.equal((await logboom(here, ['up', '--detach', '--port', '0'])).code, 0)
  const follow = begin(here, ['logs', '-f', '--all', '--json', '--source', 'ticker', 'tick'])
  const ticks = (): number[] => [...follow.text().matchAll(/"message":"tick (\d+)"/g)].map((match) => Number(match[1]))
  await until('lines', () => ticks().length > 3)
  const first = await hubFile(here)
  process.kill(first.pid, 'SIGKILL')
  await until('the hub is dead', () => !isAlive(first.pid))
  assert.equal((await logboom(here, ['ps'])).code, 1)
  assert.ok((await logboom(here, ['logs'])).stdout.includes('tick 1'), 'logs can be read without a hub')
  const again = await logboom(here, ['up', '--detach', '--port', '0'])
  assert.match(again.stdout, /ticker +running/)
  const reached = ticks().length
  await until('more lines', () => ticks().length > reached + 5)
  follow.child.kill('SIGINT')
  await follow.ended
  assert.deepEqual(
    ticks(),
    ticks().map((_, index) => index),
    'each once and in order',
  )

  const { sources } = JSON.parse((await logboom(here, ['ps', '--json'])).stdout) as { sources: { pid: number }[] }
  const second = await hubFile(here)
  process.kill(second.pid, 'SIGKILL')
  await until('the second hub is dead', () => !isAlive(second.pid))
  assert.ok(isAlive(sources[0]!.pid), 'the process outlives its hub')
  const down = await logboom(here, ['down'])
  assert.deepEqual([down.code, down.stdout], [0, 'Stopped ticker, which a hub had left behind\n'])
  assert.equal(isAlive(sources[0]!.pid), false)
})

test('down --keep stops only the hub; who reads no further ends logs quietly', async () => {
  const here = await place({ Procfile: `${procfile.Procfile}noise: seq 1 50000; sleep 1000\n` })
  assert.equal((await logboom(here, ['up', '-d', '--port', '0'])).code, 0)
  assert.match((await logboom(here, ['up', '-d'])).stdout, /already running/)
  const { sources } = JSON.parse((await logboom(here, ['ps', '--json'])).stdout) as { sources: { pid: number }[] }
  const kept = await logboom(here, ['down', '--keep'])
  assert.match(kept.stdout, /^The hub has stopped; ticker, noise go on\n$/)
  assert.ok(sources.every(({ pid }) => isAlive(pid)))

  const head = spawn('sh', ['-c', '"$0" "$1" logs --all | head -n 1; echo end', process.execPath, bin], {
    cwd: here,
    env: environment,
  })
  let [output, errors] = ['', '']
  head.stdout.on('data', (data) => (output += String(data)))
  head.stderr.on('data', (data) => (errors += String(data)))
  await once(head, 'close')
  assert.match(output, /^.+\nend\n$/)
  assert.equal(errors, '')
  assert.match((await logboom(here, ['down'])).stdout, /^Stopped noise, ticker, which/)
})
