import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { makeAppFolder, until } from '../app-harness.ts'
import { claimFile } from './claim.ts'

const stay = `
const logger = getLogger('worker', { logDir })
logger.info('hello')
process.stdin.on('end', () => process.exit()).resume()`

test('of two processes the second writes worker.2.log and says so once; when both are gone the next has worker.log', async (t) => {
  const app = makeAppFolder(t)
  const first = app.start(stay)
  await until('the first line', () => first.stdout().includes('hello'))
  const second = app.start(stay)
  await until('the second line', () => second.stdout().includes('hello'))
  assert.match(app.read('worker.log'), new RegExp(`^\\S+ \\S+ \\[${first.pid}\\] \\[INFO\\] hello\n$`))
  assert.match(app.read('worker.2.log'), new RegExp(`^\\S+ \\S+ \\[${second.pid}\\] \\[INFO\\] hello\n$`))
  assert.equal(first.stderr(), '')
  assert.match(
    second.stderr(),
    /^logboom-logger: .*worker\.log is written by another process; .* writes .*worker\.2\.log\n$/,
  )
  first.child.kill('SIGKILL')
  second.child.stdin!.end()
  await Promise.all([first.ended, second.ended])
  const { stderr } = await app.run(`getLogger('worker', { logDir }).info('third')`)
  assert.equal(stderr, '')
  assert.match(app.read('worker.log'), /hello\n.*third\n$/)
})

test('the workers of a cluster have a file each', async (t) => {
  const app = makeAppFolder(t)
  const { code } = await app.run(`
    import cluster from 'node:cluster'
    const logger = getLogger('host', { logDir, console: false })
    logger.info('%s', cluster.isPrimary)
    if (cluster.isPrimary) for (let n = 0; n < 3; n++) cluster.fork()
    else process.send!('logged')
    let answers = 0
    cluster.on('message', () => { if (++answers === 3) cluster.disconnect() })`)
  assert.equal(code, 0)
  const files = ['host.log', 'host.2.log', 'host.3.log', 'host.4.log']
  assert.deepEqual(readdirSync(app.logs).sort(), [...files].sort())
  assert.deepEqual(
    files.map((file) => /\] (true|false)\n$/.exec(app.read(file))?.[1]),
    ['true', 'false', 'false', 'false'],
  )
})

test('two loggers of one process share a file, threads do not', async (t) => {
  const app = makeAppFolder(t)
  const { code, stderr } = await app.run(`
    import { isMainThread, Worker } from 'node:worker_threads'
    const logger = getLogger('host', { logDir, console: false })
    logger.getChild('db').info('one %s', isMainThread)
    getLogger('host.web').info('two %s', isMainThread)
    if (isMainThread) new Worker(new URL(import.meta.url))`)
  assert.equal(code, 0)
  assert.match(stderr, /host\.2\.log/)
  assert.match(app.read('host.log'), /one true\n.*two true\n$/)
  assert.match(app.read('host.2.log'), /one false\n.*two false\n$/)
})

test('claims of the dead, and what is no claim, are taken over; those of a process with the same number are, too', (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-claim-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const place = path.join(directory, '.host.log.owner')
  for (const claim of [
    '',
    '{"pid":',
    '{"pid":4194999,"startTime":5,"thread":0}',
    `{"pid":${process.ppid},"startTime":1,"thread":0}`,
  ]) {
    writeFileSync(place, claim)
    const { number, release } = claimFile(directory, 'host')
    assert.equal(number, 1, claim)
    release()
  }
  assert.deepEqual(readdirSync(directory), [])
})

test('the claim of a process that is dead, and that nobody has waited for, is taken over', async (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-claim-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  // The shell becomes a program that does not wait for the child which it started.
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => parent.kill('SIGKILL'))
  const [said] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(said.toString())
  const statOf = (): string[] => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')
  await until('a zombie', () => statOf()[0] === 'Z')
  const startTime = Number(statOf()[19])
  writeFileSync(path.join(directory, '.host.log.owner'), JSON.stringify({ pid, startTime, thread: 0 }))
  assert.equal(claimFile(directory, 'host').number, 1)
})

test('of many that come at once each has a file of its own, also when a dead one held the first', async (t) => {
  const app = makeAppFolder(t)
  await app.run(`getLogger('worker', { logDir }); process.kill(process.pid, 'SIGKILL')`)
  const all = Array.from({ length: 6 }, () => app.start(stay))
  for (const one of all) await until('its line', () => one.stdout().includes('hello'))
  const pids = readdirSync(app.logs)
    .filter((name) => name.endsWith('.log'))
    .map((name) => app.read(name).match(/\[(\d+)\] \[INFO\] hello/g)!)
  assert.ok(pids.every((lines) => lines.length === 1))
  assert.equal(new Set(pids.flat()).size, 6)
  for (const one of all) one.child.stdin!.end()
  await Promise.all(all.map((one) => one.ended))
})
