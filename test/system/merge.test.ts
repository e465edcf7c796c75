// `logboom merge`: entries of several files in the order of time, seen from outside.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { until } from '../hub-process.ts'

const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')

function place(t: TestContext, files: Record<string, string | Buffer>): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-merge-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true })
    writeFileSync(path.join(directory, name), content)
  }
  return directory
}

/** Output of the command; rejects with what it said when it failed. */
async function merge(directory: string, words: string[], zone = 'UTC'): Promise<{ lines: string[]; said: string }> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [bin, 'merge', ...words], {
    cwd: directory,
    env: { ...process.env, TZ: zone },
    maxBuffer: 1 << 28,
  })
  return { lines: stdout.split('\n').slice(0, -1), said: stderr }
}

const host = `2025-10-19 05:55:47.606 [4157] [INFO] one
2025-10-19 05:55:48.100 [4157] [ERROR] two
    at first (a.js:1:1)

last of two
2025-10-19 05:55:50.000 [4157] [INFO] five
`
const worker = `2025-10-19 05:55:48.050 [99] [WARNING] between
2025-10-19 05:55:48.101 [99] [INFO] three
2025-10-19 05:55:49.000 [99] [INFO] four`

test('entries, not lines, in the order of time', async (t) => {
  const directory = place(t, { 'host.log': host, 'worker.log': worker })
  assert.deepEqual((await merge(directory, ['host.log', 'worker.log', '--raw'])).lines, [
    '2025-10-19 05:55:47.606 [4157] [INFO] one',
    '2025-10-19 05:55:48.050 [99] [WARNING] between',
    '2025-10-19 05:55:48.100 [4157] [ERROR] two',
    '    at first (a.js:1:1)',
    '',
    'last of two',
    '2025-10-19 05:55:48.101 [99] [INFO] three',
    '2025-10-19 05:55:49.000 [99] [INFO] four',
    '2025-10-19 05:55:50.000 [4157] [INFO] five',
  ])
  const { lines } = await merge(directory, ['worker.log', 'host.log'])
  assert.deepEqual(lines.slice(0, 3), [
    '2025-10-19 05:55:47.606 host     [INFO] one process.pid=4157',
    '2025-10-19 05:55:48.050 worker   [WARNING] between process.pid=99',
    '2025-10-19 05:55:48.100 host     [ERROR] two',
  ])
  const records = (await merge(directory, ['.', '--json'])).lines.map((line) => JSON.parse(line) as { source: string; message: string; level: string }) // oxfmt-ignore
  assert.deepEqual(
    records.map(({ source, level }) => `${source} ${level}`),
    ['host INFO', 'worker WARNING', 'host ERROR', 'worker INFO', 'worker INFO', 'host INFO'],
  )
  assert.equal(records[2]!.message, 'two\n    at first (a.js:1:1)\n\nlast of two')
})

test('a query and a range choose whole entries', async (t) => {
  const directory = place(t, { 'host.log': host, 'worker.log': worker })
  const chosen = async (...words: string[]): Promise<string[]> =>
    (await merge(directory, ['.', '--raw', ...words])).lines
  assert.equal((await chosen('--query', '"first (a.js"')).length, 4)
  assert.deepEqual(await chosen('--query', 'source:worker level:warning'), [worker.split('\n')[0]])
  assert.deepEqual(await chosen('--since', '2025-10-19T05:55:49', '--until', '2025-10-19T05:55:50'), [
    worker.split('\n')[2],
  ])
})

test('formats of all kinds, compressed files and rotated ones, each time with the offset that it names', async (t) => {
  const directory = place(t, {
    'a/app.log':
      '{"level":30,"time":1760853350000,"msg":"pino"}\n{"level":30,"time":1760853356000,"msg":"pino, later"}\n',
    'a/access.log.gz': gzipSync(
      '10.0.0.1 - - [19/Oct/2025:07:55:51 +0200] "GET /x HTTP/1.1" 200 5\n10.0.0.1 - - [19/Oct/2025:07:55:55 +0200] "GET /y HTTP/1.1" 200 5\n',
    ),
    'a/py.log.1.zst': zstdCompressSync('2025-10-19 05:55:52,000 - shop - INFO - python, rotated\n'),
    'a/py.log': '2025-10-19 05:55:53,000 - shop - INFO - python\n',
    'a/iso.txt': '2025-10-19T01:55:54-04:00 WARN iso\n',
    'a/photo.bin': Buffer.from([0, 1, 2, 3, 10, 0]),
  })
  const { lines } = await merge(directory, ['a'], 'Asia/Tokyo').catch((error: unknown) => assert.fail(String(error)))
  const zoneless = lines.filter((line) => line.includes('python'))
  assert.equal(zoneless.length, 2)
  const utc = await merge(directory, ['a', '--timezone', 'UTC', '--utc'], 'Asia/Tokyo')
  assert.deepEqual(
    utc.lines.map((line) => `${line.slice(17, 19)} ${line.split(/\s+/)[2]!}`),
    ['50 app', '51 access', '52 py', '53 py', '54 iso', '55 access', '56 app'],
  )
})

test('the hour that comes twice when summer time ends, and the one that is left out', async (t) => {
  const line = (time: string, text: string): string => `${time} [1] [INFO] ${text}\n`
  const json = (time: string, msg: string): string => `${JSON.stringify({ level: 'info', time, msg })}\n`
  const directory = place(t, {
    'local.log':
      line('2025-10-26 02:10:00.000', '1') +
      line('2025-10-26 02:59:59.900', '3') +
      line('2025-10-26 02:00:00.100', '5') +
      line('2025-10-26 02:20:00.000', 'x') +
      line('2025-10-26 02:59:59.000', '7') +
      line('2025-10-26 03:00:00.000', '9'),
    'utc.log':
      json('2025-10-26T00:30:00Z', '2') +
      json('2025-10-26T01:00:00Z', '4') +
      json('2025-10-26T01:30:00Z', '6') +
      json('2025-10-26T01:59:59.500Z', '8'),
    'spring.log': line('2025-03-30 01:59:59.000', 'a') + line('2025-03-30 03:00:01.000', 'c'),
    'spring-utc.log': json('2025-03-30T01:00:00Z', 'b'),
  })
  const texts = async (words: string[]): Promise<string> =>
    (await merge(directory, [...words, '--json'], 'Europe/Berlin')).lines
      .map((text) => (JSON.parse(text) as { message: string }).message)
      .join('')
  assert.equal(await texts(['local.log', 'utc.log']), '12345x6789')
  assert.equal(await texts(['spring.log', 'spring-utc.log']), 'abc')
})

test('many files whose lines are a little out of order are one list in order, and nothing is missing', async (t) => {
  let seed = 4242
  const random = (): number => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648
  const base = Date.UTC(2025, 5, 1)
  const files: Record<string, Buffer> = {}
  const expected: string[] = []
  for (let file = 0; file < 12; file++) {
    let time = base + Math.floor(random() * 1000)
    let text = ''
    for (let n = 0; n < 3000; n++) {
      time += Math.floor(random() * 40)
      const jittered = time - Math.floor(random() * 60)
      const stamp = new Date(jittered).toISOString().replace('T', ' ').slice(0, 23)
      const entry = [
        `${stamp} [1] [INFO] ${file}.${n}`,
        ...Array.from({ length: Math.floor(random() * 3) }, (_, i) => `  more ${i}`),
      ].join('\n')
      text += `${entry}\n`
      expected.push(entry)
    }
    files[`f${file}.log${file % 3 === 0 ? '.gz' : ''}`] = file % 3 === 0 ? gzipSync(text) : Buffer.from(text)
  }
  const { lines, said } = await merge(place(t, files), ['.', '--raw'])
  assert.equal(said, '')
  const got = lines.join('\n').split(/\n(?=2025)/)
  const stamps = got.map((entry) => entry.slice(0, 23))
  assert.deepEqual(stamps, stamps.toSorted())
  assert.deepEqual(got.toSorted(), expected.toSorted())
})

const manyLines = Array.from(
  { length: 20_000 },
  (_, n) => `2025-10-19T05:55:50.${String(n).padStart(6, '0')}Z INFO ${n}\n`,
).join('')

test('what cannot be merged is told, with what to do', async (t) => {
  const directory = place(t, {
    'app.log': host,
    'old.log.xz': 'x',
    'notes.txt': 'no times\nat all\n',
    'cut.log.gz': gzipSync(manyLines).subarray(0, 9000),
  })
  const failing = async (...words: string[]): Promise<string> => {
    const error = await merge(directory, words).then(
      () => assert.fail('it should fail'),
      (reason: unknown) => reason as { stderr: string; code: number },
    )
    assert.ok(error.code > 0)
    return error.stderr
  }
  assert.match(await failing('missing.log'), /missing\.log.*no such file/i)
  assert.match(await failing('old.log.xz'), /xz.*\n.*(gz|zst)/)
  assert.match(await failing(), /argument/)
  assert.match(await failing('app.log', '--timezone', 'Mars/Base'), /Mars\/Base/)
  assert.match(await failing('app.log', '--query', 'level:('), /never closed/)
  const { said, lines } = await merge(directory, ['app.log', 'notes.txt'])
  assert.match(said, /notes\.txt.*no time/)
  assert.equal(lines.length, 8)
  const cut = await merge(directory, ['cut.log.gz'])
  assert.match(cut.lines.at(-1)!, /gap.*missing/)
})

test('--follow of a named file waits for it while it has no name, and reads what comes to the old one meanwhile', async (t) => {
  const directory = place(t, { 'a.log': '2025-10-19 05:55:47.606 [1] [INFO] first\n' })
  const child = spawn(process.execPath, [bin, 'merge', 'a.log', '--follow', '--raw'], { cwd: directory })
  t.after(() => child.kill('SIGKILL'))
  let output = ''
  child.stdout.on('data', (data: Buffer) => (output += String(data)))
  const comes = (text: string): Promise<unknown> => until(text, () => output.includes(text), 10_000)
  await comes('first')
  renameSync(path.join(directory, 'a.log'), path.join(directory, 'a.log.1'))
  await new Promise((resolve) => setTimeout(resolve, 500))
  appendFileSync(path.join(directory, 'a.log.1'), '2025-10-19 05:55:48.606 [1] [INFO] late\n')
  await comes('late')
  appendFileSync(path.join(directory, 'a.log'), '2025-10-19 05:55:49.606 [1] [INFO] new\n')
  await comes('new')
  assert.equal(output.match(/first|late|new/g)?.join(), 'first,late,new')
  assert.equal(child.exitCode, null)
})

test('a line whose time is that of the last change of its file is an entry of its own', async (t) => {
  const directory = place(t, { 'a.log': '2025-10-19 05:55:47 INFO one\n2025-10-19 05:55:48 INFO two\n' })
  const changed = new Date('2025-10-19T05:55:48Z')
  utimesSync(path.join(directory, 'a.log'), changed, changed)
  const { lines } = await merge(directory, ['a.log', '--json'])
  assert.equal(lines.length, 2)
})

test('--follow goes on with what comes: in the order of time, through rotation, truncation and new files', async (t) => {
  const directory = place(t, { 'a.log': '', 'b.log': '' })
  const child = spawn(process.execPath, [bin, 'merge', '.', '--follow', '--raw'], { cwd: directory, env: { ...process.env, TZ: 'UTC' } }) // oxfmt-ignore
  t.after(() => child.kill('SIGKILL'))
  let output = ''
  child.stdout.on('data', (data: Buffer) => (output += String(data)))
  const line = (ms: number, text: string): string =>
    `${new Date(ms).toISOString().replace('T', ' ').slice(0, 23)} [1] [INFO] ${text}\n`
  const add = (name: string, ms: number, text: string): void =>
    appendFileSync(path.join(directory, name), line(ms, text))
  const comes = (...texts: string[]): Promise<unknown> =>
    until(texts.join(), () => Promise.resolve(texts.every((text) => output.includes(text))), 10_000)
  const now = Date.now()
  add('a.log', now, 'first')
  await comes('first')
  add('b.log', now + 20, 'third')
  add('a.log', now + 10, 'second\n  more of it')
  await comes('second', 'third')
  add('a.log', now + 30, 'fourth')
  renameSync(path.join(directory, 'a.log'), path.join(directory, 'a.log.1'))
  add('a.log', now + 40, 'fifth')
  await comes('fourth', 'fifth')
  truncateSync(path.join(directory, 'b.log'))
  add('b.log', now + 50, 'x')
  add('c.log', now + 60, 'seventh')
  await comes(' x', 'seventh')
  child.kill('SIGINT')
  await until('it ends', () => Promise.resolve(child.exitCode !== null))
  assert.equal(child.exitCode, 0)
  const order = [...output.matchAll(/(first|second|more of it|third|fourth|fifth| x|seventh)$/gm)].map(([, word]) => word!.trim()) // oxfmt-ignore
  assert.deepEqual(order, ['first', 'second', 'more of it', 'third', 'fourth', 'fifth', 'x', 'seventh'])
})
