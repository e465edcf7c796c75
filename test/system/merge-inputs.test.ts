// `logboom merge` reads what is no ordinary file, too: pipes, FIFOs, standard input, files that tell no size.
import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { until } from '../hub-process.ts'

const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')

interface Said {
  stdout: string
  stderr: string
  code: number
}

function place(t: TestContext, files: Record<string, string | Buffer>): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-inputs-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(directory, name), content)
  return directory
}

/** A line of bash in which `merge` is the command. */
function bash(directory: string, script: string): Promise<Said> {
  return new Promise((resolve) => {
    const words = ['-c', `merge() { "${process.execPath}" "${bin}" merge "$@"; }; ${script}`]
    const options = { cwd: directory, env: { ...process.env, TZ: 'UTC' }, maxBuffer: 1 << 28, timeout: 60_000 }
    execFile('bash', words, options, (error, stdout, stderr) =>
      resolve({ stdout, stderr, code: Number(error?.code ?? 0) }),
    )
  })
}

function follow(t: TestContext, directory: string, script: string): { child: ChildProcess; output(): string } {
  const words = ['-c', `merge() { exec "${process.execPath}" "${bin}" merge "$@"; }; ${script}`]
  const child = spawn('bash', words, { cwd: directory, env: { ...process.env, TZ: 'UTC' } })
  t.after(() => child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += String(data)))
  return { child, output: () => output }
}

const line = (second: number, text: string): string => `2025-10-19 05:55:${second} [1] [INFO] ${text}\n`
const odd = line(11, 'one') + line(13, 'three') + '  more of three\n' + line(15, 'five')
const even = line(12, 'two') + line(14, 'four')
const all = line(11, 'one') + line(12, 'two') + line(13, 'three') + '  more of three\n' + line(14, 'four') + line(15, 'five') // oxfmt-ignore

for (const [what, script] of Object.entries({
  'standard input as -': 'cat even.log | merge odd.log - --raw',
  'standard input as /dev/stdin': 'cat even.log | merge odd.log /dev/stdin --raw',
  'standard input that is a file': 'merge odd.log - --raw < even.log',
  'a process substitution': 'merge odd.log <(zcat even.gz) --raw',
  'two process substitutions': 'merge <(cat odd.log) <(sleep 0.5; cat even.log) --raw',
  'a pipe with gzip in it': 'cat even.gz | merge odd.log - --raw',
  'a pipe with zstd in it': 'cat even.zst | merge odd.log - --raw',
  'a pipe that comes byte by byte': `cat even.gz | (while IFS= read -r -n1 -d '' c; do printf %s "$c"; done; true) >/dev/null; dd if=even.gz bs=1 status=none | merge odd.log - --raw`,
  'a FIFO whose writer comes late': 'mkfifo f; (sleep 0.5; cat even.log > f) & merge odd.log f --raw',
  'FIFOs whose writer opens them in another order': 'mkfifo f g; (cat even.log > g; cat odd.log > f) & merge f g --raw',
  'a file with gzip in it that is not called so': 'cp even.gz even.log.1; merge odd.log even.log.1 --raw',
  'a text that is called as if it were compressed': 'cp even.log text.gz; merge odd.log text.gz --raw',
  'the same pipe twice': 'cat even.log | merge odd.log - /dev/stdin --raw',
  'an empty pipe beside': 'merge <(true) odd.log even.log /dev/null --raw',
}))
  test(`${what} is read like a file, beside others`, async (t) => {
    const directory = place(t, {
      'odd.log': odd,
      'even.log': even,
      'even.gz': gzipSync(even),
      'even.zst': zstdCompressSync(even),
    })
    assert.deepEqual(await bash(directory, script), { stdout: all, stderr: '', code: 0 })
  })

test('a file that tells no size is read, and text in a pipe that says no time is told', async (t) => {
  const directory = place(t, {})
  const status = await bash(directory, 'merge /proc/self/status --raw')
  assert.match(status.stdout, /^Name:\t.*\n[^]*\nVmRSS:/)
  const timeless = await bash(directory, 'echo hello | merge -')
  assert.match(timeless.stdout, /hello\n$/)
  assert.match(timeless.stderr, /standard input says no times.*when they were read/)
})

test('what a pipe has in it that cannot be unpacked is told, with what to do', async (t) => {
  const directory = place(t, { 'odd.log': odd })
  const xz = await bash(directory, String.raw`printf '\375\067zXZ\000abc' | merge odd.log -`)
  assert.match(xz.stderr, /^logboom: standard input.* xz .*\n {2}.*xzcat/m)
  assert.equal(xz.code, 2)
  const none = await bash(directory, 'merge nothing.log')
  assert.match(none.stderr, /nothing\.log: no such file or directory\n {2}.*standard input/)
})

test('a pipe of any length takes a bounded part of memory', async (t) => {
  const tell = "process.on('exit', () => console.error(process.resourceUsage().maxRSS))"
  const directory = place(t, { 'odd.log': odd, 'tell.mjs': tell })
  const print = `awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "2025-10-19 06:%02d:%02d.%03d [1] [INFO] %s\\n", i/60000, i/1000%60, i%1000, "${'x'.repeat(400)}" }'`
  const script = `${print} | "${process.execPath}" --import ./tell.mjs "${bin}" merge odd.log - --raw | wc -l`
  const { stdout, stderr } = await bash(directory, script)
  assert.equal(Number(stdout), 1_000_004)
  assert.ok(Number(stderr) < 420_000, `${stderr} KiB`)
})

test('--follow of pipes alone ends when all have ended, and the last line needs no newline', async (t) => {
  const directory = place(t, { 'odd.log': odd, 'even.log': even })
  const { child, output } = follow(t, directory, 'merge --follow --raw <(cat odd.log) <(cat even.log; sleep 2; printf late)') // oxfmt-ignore
  await until('it ends', () => child.exitCode !== null, 20_000)
  assert.equal(output(), `${all}late\n`)
  assert.equal(child.exitCode, 0)
})

test('--follow of a pipe and a file goes on with the file; a quiet pipe holds up nothing', async (t) => {
  const directory = place(t, { 'odd.log': odd, 'even.log': even })
  const { child, output } = follow(t, directory, 'merge --follow --raw odd.log even.log <(sleep 4; echo from the pipe) <(sleep 3)') // oxfmt-ignore
  await until('history', () => output().includes('five'), 20_000)
  assert.equal(output(), all)
  await until('the pipe', () => output().includes('from the pipe'), 20_000)
  execFileSync('bash', ['-c', `printf '${line(16, 'six')}' >> even.log`], { cwd: directory })
  await until('the file', () => output().includes('six'), 20_000)
  assert.equal(child.exitCode, null)
})

test('a live pipe is shown as it comes, also one that never pauses', async (t) => {
  const directory = place(t, { 'odd.log': odd })
  const script = 'merge --follow --raw odd.log <(i=0; while sleep 0.02; do i=$((i+1)); echo "$(date -u +%FT%T.%3NZ) INFO n$i"; done)' // oxfmt-ignore
  const { output } = follow(t, directory, script)
  await until('a hundred', () => output().includes('n100\n'), 20_000)
  const numbers = [...output().matchAll(/n(\d+)\n/g)].map(([, number]) => Number(number))
  assert.deepEqual(numbers, numbers.map((_, index) => index + 1)) // oxfmt-ignore
})

test('lines of any length are whole, with their times', async (t) => {
  const long = JSON.stringify({ level: 'info', time: '2025-10-19T05:55:13.000Z', msg: 'm'.repeat(5_000_000) })
  const text = `2025-10-19 05:55:12 INFO ${'t'.repeat(3_000_000)}`
  const directory = place(t, { 'json.log': `${long}\n`, 'text.log': `${text}\r\n`, 'odd.log': odd })
  const { stdout, stderr } = await bash(directory, 'merge json.log <(cat text.log) odd.log --raw')
  assert.equal(stderr, '')
  const [one, three, five] = odd.split(/^(?=2025)/m) as [string, string, string]
  assert.ok(stdout === `${one}${text}\r\n${long}\n${three}${five}`)
  const records = (await bash(directory, 'merge json.log text.log --json')).stdout.trim().split('\n').map((record) => JSON.parse(record) as { time: number; message: string; fields?: object }) // oxfmt-ignore
  assert.deepEqual(
    records.map(({ time, message, fields }) => `${time} ${message.length} ${JSON.stringify(fields)}`),
    ['1760853312000 3000000 undefined', '1760853313000 5000000 undefined'],
  )
})

test('a line beyond the limit comes in parts that stand behind one another, and that is said', async (t) => {
  const directory = place(t, { 'odd.log': odd })
  const script = `(printf '2025-10-19 05:55:13 INFO first '; head -c 40000000 /dev/zero | tr '\\0' x; echo; printf '${line(14, 'next')}') > long.log`
  execFileSync('bash', ['-c', script], { cwd: directory })
  const { stdout, stderr, code } = await bash(directory, 'merge odd.log long.log --raw > out; cmp out <(sed 3q odd.log; cat long.log; sed 1,3d odd.log) && echo same') // oxfmt-ignore
  assert.equal(stdout, 'same\n')
  assert.match(stderr, /long\.log has lines longer than 16 MiB/)
  assert.equal(code, 0)
})

test('--raw gives the bytes as they are', async (t) => {
  const bytes = Buffer.from('2025-10-19 05:55:11 INFO caf\xe9 \x1b[31mred\x00\r\n\r\n  more\r\n2025-10-19 05:55:12 INFO \r\r\n', 'latin1') // oxfmt-ignore
  const directory = place(t, { 'a.log': bytes, 'odd.log': odd })
  await bash(directory, 'merge a.log --raw > out; cat a.log | merge - --raw > out2')
  assert.deepEqual(readFileSync(path.join(directory, 'out')), bytes)
  assert.deepEqual(readFileSync(path.join(directory, 'out2')), bytes)
})

test('a file is merged once, whatever leads to it', async (t) => {
  const directory = place(t, { 'odd.log': odd })
  const words = 'odd.log ./odd.log "$PWD/odd.log" link.log hard.log . dir'
  const { stdout, stderr } = await bash(directory, `ln -s odd.log link.log; ln odd.log hard.log; ln -s . dir; merge ${words} --raw`) // oxfmt-ignore
  assert.deepEqual({ stdout, stderr }, { stdout: odd, stderr: '' })
})

test('directories within directories are read with --recursive; what has no logs, or may not be read, is named', async (t) => {
  const directory = place(t, {})
  const make = `mkdir -p a/b/c .git; printf '${line(11, 'one')}' > a/b/x.log; printf '${line(12, 'two')}' > a/b/c/x.log; ln -s .. a/b/c/up`
  const none = await bash(directory, `${make}; merge a .git`)
  assert.match(none.stderr, /There are no log files in a, \.git\n.*--recursive/)
  assert.equal(none.code, 2)
  const { stdout } = await bash(directory, 'merge -r . --json')
  const records = stdout.trim().split('\n').map((text) => JSON.parse(text) as { source: string; message: string }) // oxfmt-ignore
  assert.deepEqual(
    records.map(({ source, message }) => `${source} ${message}`),
    ['a/b/x one', 'a/b/c/x two'],
  )
})

test('zeros that a truncation left are passed over, in files, archives and pipes', async (t) => {
  const zeros = Buffer.concat([Buffer.alloc(3_000_000), Buffer.from(odd)])
  const directory = place(t, { 'zeros.log': zeros, 'zeros.gz': gzipSync(zeros) })
  for (const input of ['zeros.log', 'zeros.gz', '<(cat zeros.log)', '<(cat zeros.gz)'])
    assert.deepEqual(await bash(directory, `merge ${input} --raw`), { stdout: odd, stderr: '', code: 0 }, input)
})

test('what cannot be opened is told, with what to do', async (t) => {
  const directory = place(t, { 'odd.log': odd })
  const server = createServer().listen(path.join(directory, 'a.sock'))
  t.after(() => server.close())
  await once(server, 'listening')
  const { stderr, code } = await bash(directory, 'merge odd.log a.sock')
  assert.match(stderr, /^logboom: a\.sock: .*socket.*\n {2}.*logboom merge -/)
  assert.equal(code, 2)
})

test('a file may be called anything', async (t) => {
  const name = 'a\nb \x1b[31m.log'
  const directory = place(t, { [name]: odd, [`none ${name}`]: 'hello\n' })
  const { stdout, stderr } = await bash(directory, 'merge .')
  assert.deepEqual(
    stdout.split('\n').map((text) => text.slice(0, 29)).slice(0, 2), // oxfmt-ignore
    ['2025-10-19 05:55:11.000 a\\nb ', '2025-10-19 05:55:13.000 a\\nb '],
  )
  assert.equal(stderr, 'logboom: none a\\nb .log says no times; its lines stand where it was last changed\n')
})

test('what belongs to one entry is chosen together, however long it is', async (t) => {
  const more = Array.from({ length: 2500 }, (_, index) => `  at ${index}\n`).join('')
  const directory = place(t, { 'a.log': `${line(11, 'plain')}2025-10-19 05:55:12 [1] [ERROR] broken\n${more}${line(13, 'next')}` }) // oxfmt-ignore
  const { stdout } = await bash(directory, 'merge a.log --raw -q level:error')
  assert.equal(stdout, `2025-10-19 05:55:12 [1] [ERROR] broken\n${more}`)
})
