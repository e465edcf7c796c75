import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { mountSmallDisk } from '../../../test/system/small-disk.ts'
import { makeAppFolder } from '../app-harness.ts'
import { openLogFile, type LogFile, type LogFileOptions } from './log-file.ts'

function makeFolder(t: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-log-file-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

function open(t: TestContext, directory: string, options: Partial<LogFileOptions> = {}): LogFile {
  const file = openLogFile({
    directory,
    base: 'host',
    maxBytes: 1e6,
    keep: 5,
    compress: false,
    archiveDir: directory,
    gapLine: (message) => `[gap] ${message}\n`,
    eventLine: (message) => `[event] ${message}\n`,
    ...options,
  })
  t.after(() => file.close())
  return file
}

const visible = (directory: string): string[] =>
  readdirSync(directory)
    .filter((name) => !name.startsWith('.'))
    .sort()

const read = (directory: string, name = 'host.log'): string => readFileSync(path.join(directory, name), 'utf8')

test('a file goes on where the run before ended', (t) => {
  const directory = makeFolder(t)
  const first = open(t, directory)
  assert.equal(first.write('öne\n', 0), 5)
  first.close()
  const second = open(t, directory)
  second.write('two\n', 0)
  assert.equal(second.length(), 9)
  assert.equal(read(directory), 'öne\ntwo\n')
})

test('a file is rotated before it grows beyond its size, and the oldest beyond `keep` goes', (t) => {
  const directory = makeFolder(t)
  const file = open(t, directory, { maxBytes: 8, keep: 2 })
  for (const line of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) file.write(`${line}${line}${line}\n`, 0)
  assert.deepEqual(visible(directory), ['host.log', 'host.log.1', 'host.log.2'])
  assert.equal(read(directory, 'host.log.2'), 'eee\nfff\n')
  assert.equal(read(directory, 'host.log.1'), 'ggg\nhhh\n')
  assert.equal(read(directory), 'iii\n')
})

test('the length of a file counts over restarts, and a line longer than the size has a file of its own', (t) => {
  const directory = makeFolder(t)
  const first = open(t, directory, { maxBytes: 8 })
  first.write('aaaaa\n', 0)
  first.close()
  const second = open(t, directory, { maxBytes: 8 })
  second.write('bbbbbbbbbbbb\n', 0)
  second.write('c\n', 0)
  assert.deepEqual(
    visible(directory).map((name) => read(directory, name)),
    ['c\n', 'bbbbbbbbbbbb\n', 'aaaaa\n'],
  )
})

test('with keep 0 nothing but the current file stays', (t) => {
  const directory = makeFolder(t)
  const file = open(t, directory, { maxBytes: 8, keep: 0 })
  for (const line of ['aaaa', 'bbbb', 'cccc']) file.write(`${line}\n`, 0)
  assert.deepEqual(visible(directory), ['host.log'])
  assert.equal(read(directory), 'cccc\n')
})

for (const [compress, suffix, unpack] of [
  ['gzip', '.gz', gunzipSync],
  ['zstd', '.zst', zstdDecompressSync],
] as const) {
  test(`rotated files are compressed in the background (${compress}), also when they are moved up meanwhile`, async (t) => {
    const directory = makeFolder(t)
    const archiveDir = path.join(directory, 'old')
    const file = open(t, directory, { maxBytes: 8, keep: 3, compress, archiveDir })
    for (const line of ['aaaa', 'bbbb', 'cccc', 'dddd']) file.write(`${line}\n`, 0)
    await file.settled()
    file.write('eeee\n', 0)
    await file.settled()
    assert.deepEqual(visible(directory), ['host.log', 'old'])
    assert.deepEqual(
      visible(archiveDir),
      [1, 2, 3].map((number) => `host.log.${number}${suffix}`),
    )
    const texts = [1, 2, 3].map((number) =>
      String(unpack(readFileSync(path.join(archiveDir, `host.log.${number}${suffix}`)))),
    )
    assert.deepEqual(texts, ['dddd\n', 'cccc\n', 'bbbb\n'])
  })
}

test('a file that others moved, removed or truncated is found again at the next look', (t) => {
  const directory = makeFolder(t)
  const file = open(t, directory)
  const current = path.join(directory, 'host.log')
  let time = Date.now()
  file.write('one\n', time)
  renameSync(current, `${current}.moved`)
  file.write('two\n', (time += 1000))
  assert.equal(read(directory, 'host.log.moved'), 'one\n')
  assert.equal(read(directory), 'two\n')
  rmSync(current)
  file.write('three\n', (time += 1000))
  assert.match(read(directory), /^(\[event\] .*\ntwo\n)?three\n$/)
  truncateSync(current)
  file.write('four\n', (time += 1000))
  const text = '[gap] an unknown number of lines may be missing: the file was truncated by others\nfour\n'
  assert.equal(read(directory), text)
  assert.equal(file.length(), text.length)
})

test('lines logged after the file, or all of its directory, was removed or replaced are in the next file', async (t) => {
  const folder = makeFolder(t)
  const directory = path.join(folder, 'logs')
  const current = path.join(directory, 'host.log')
  const file = open(t, directory)
  let time = Date.now()
  const written: string[] = []
  const write = (count: number): void => {
    for (let n = 0; n < count; n++) {
      const line = `line ${written.length}\n`
      written.push(line)
      assert.ok(file.write(line, time) > 0)
    }
  }
  const removals: [string, () => void][] = [
    ['the file', () => rmSync(current)],
    ['the directory', () => rmSync(directory, { recursive: true })],
    ['another in its place', () => (writeFileSync(`${current}.new`, 'new\n'), renameSync(`${current}.new`, current))],
    ['the directory, made anew', () => (rmSync(directory, { recursive: true }), mkdirSync(directory))],
  ]
  for (const [what, remove] of removals) {
    write(1)
    // Found whole.
    write((time += 1000) && 1)
    remove()
    const first = written.length
    write(500)
    write((time += 20) && 10)
    const text = read(directory)
    assert.ok(text.endsWith(written.slice(first).join('')), `${what}:\n${text.slice(0, 500)}`)
    assert.match(text, /^(new\n)?\[event\] host\.log was removed by others; what was logged since follows\n/, what)
    assert.deepEqual(text.match(/line \d+\n/g)!.length, new Set(text.match(/line \d+\n/g)).size, what)
    assert.ok(existsSync(path.join(directory, '.host.log.owner')), what)
  }
})

test('lines of a removed file are written again without another line, and before the end', async (t) => {
  const app = makeAppFolder(t)
  const code = (end: string): string => `
    import { rmSync, readFileSync, existsSync } from 'node:fs'
    const logger = getLogger('host', { logDir, console: false })
    logger.info('one')
    setTimeout(() => {
      // Looks, so that the next line does not.
      logger.info('one more')
      rmSync(logDir, { recursive: true })
      const until = Date.now() + 10
      while (Date.now() < until);
      logger.info('two')
      ${end}
    }, 100)`
  await app.run(code(`process.exit()`))
  // A slow machine looks before the line.
  assert.match(app.read('host.log'), /^(.*\] \[WARNING\] \[event\] host\.log was removed .*\n)?[^]*\[INFO\] two\n$/)
  const second = makeAppFolder(t)
  await second.run(
    code(`const wait = setInterval(() => {
      if (!existsSync(logDir + '/host.log') || !readFileSync(logDir + '/host.log', 'utf8').includes('two')) return
      clearInterval(wait)
      console.log('there')
    }, 5)`),
  )
  assert.match(second.read('host.log'), /\[INFO\] two\n$/)
})

test('the line after a removal that was noticed in between is in the file at once', async (t) => {
  const directory = path.join(makeFolder(t), 'logs')
  const file = open(t, directory)
  file.write('one\n', Date.now())
  // The look after the line finds the removal, and nothing that was logged since.
  await sleep(10)
  rmSync(directory, { recursive: true })
  await sleep(50)
  assert.ok(file.write('three\n', Date.now()) > 0)
  assert.match(read(directory), /three\n$/)
  assert.equal(file.missing(), 0)
})

test('a directory that was removed after the last line does not come back at the end', async (t) => {
  const app = makeAppFolder(t)
  await app.run(`
    import { rmSync } from 'node:fs'
    const logger = getLogger('host', { logDir, console: false })
    logger.info('one')
    setTimeout(() => rmSync(logDir, { recursive: true }), 100)`)
  assert.equal(existsSync(app.logs), false)
})

test('lines that could not be written are told as a gap when they can be again', (t) => {
  const folder = makeFolder(t)
  const directory = path.join(folder, 'logs')
  writeFileSync(directory, 'in the way')
  let time = Date.now()
  const file = open(t, directory)
  assert.equal(file.write('one\n', (time += 1000)), 0)
  assert.equal(file.write('two\n', time), 0)
  assert.equal(file.missing(), 2)
  rmSync(directory)
  assert.ok(file.write('three\n', (time += 1000)) > 0)
  assert.equal(read(directory), '[gap] 2 lines missing: the file could not be written\nthree\n')
})

test('on a full disk the oldest rotated file goes, then the current one is begun anew, and a gap tells of each', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'logboom-small-disk-'))
  let disk
  try {
    disk = mountSmallDisk(path.join(folder, 'disk'), 1)
  } catch {
    return t.skip('no file system can be mounted here')
  }
  const { directory, unmount } = disk
  t.after(() => {
    unmount()
    rmSync(folder, { recursive: true })
  })
  const line = `${'x'.repeat(99_999)}\n`
  const texts = (): string[] =>
    visible(directory)
      .filter((name) => name.startsWith('host'))
      .map((name) => read(directory, name).replaceAll(/x+/g, 'x'))
  const rotating = open(t, directory, { maxBytes: 250_000 })
  for (let n = 0; n < 5; n++) rotating.write(line, Date.now())
  assert.deepEqual(texts(), ['x\n', 'x\nx\n', 'x\nx\n'])
  disk.fill()
  assert.ok(rotating.write(line, Date.now()) > 0)
  assert.deepEqual(texts(), [
    'x\n[gap] 200000 bytes missing: host.log.2 was given up because the disk was full\nx\n',
    'x\nx\n',
  ])
  rotating.close()
  const growing = open(t, directory, { maxBytes: 1e9 })
  for (let n = 0; n < 5; n++) assert.ok(growing.write(line, Date.now()) > 0)
  const gap = /^\[gap\] \d+ bytes missing: host\.log was given up because the disk was full\nx\n/
  assert.ok(texts().some((text) => gap.test(text)))
  assert.equal(growing.missing(), 0)
})

test('what was logged is in the file after `kill -9`', async (t) => {
  const app = makeAppFolder(t)
  const { code } = await app.run(`
    const logger = getLogger('host', { logDir, console: false })
    for (let n = 1; n <= 1000; n++) logger.info('number %d', n)
    process.kill(process.pid, 'SIGKILL')
  `)
  assert.equal(code, 'SIGKILL')
  const lines = app.read('host.log').trimEnd().split('\n')
  assert.equal(lines.length, 1000)
  assert.match(lines.at(-1)!, /\[INFO\] number 1000$/)
})

test('without a directory the console has the lines, with one warning; the application goes on', async (t) => {
  const app = makeAppFolder(t)
  mkdirSync(path.dirname(app.logs), { recursive: true })
  writeFileSync(app.logs, 'a file in the way')
  const { code, stdout, stderr } = await app.run(`
    const logger = getLogger('host', { logDir })
    logger.info('one')
    logger.info('two')
    console.log(logger.metrics().errors, logger.logFile)`)
  assert.equal(code, 0)
  assert.match(stdout, /^\[.*\] one\n\[.*\] two\n2 undefined\n$/)
  assert.match(stderr, /^logboom-logger: Cannot write .*host\.log \(.*\); .*\n$/)
})

test('logs lie in the temporary directory under the name of the nearest package.json', async (t) => {
  const app = makeAppFolder(t, '@shop/worker')
  const temporary = path.join(app.directory, 'tmp')
  mkdirSync(temporary)
  await app.run(`getLogger('host').info('hello')`, { TMPDIR: temporary })
  assert.ok(existsSync(path.join(temporary, 'shop-worker/logs/host.log')))
})

test('each rotated file is compressed as itself, however fast files are rotated meanwhile', async (t) => {
  const directory = makeFolder(t)
  const file = open(t, directory, { maxBytes: 50_000, keep: 100, compress: 'gzip' })
  const line = (n: number): string => `${String(n).padStart(6, '0')} ${'x'.repeat(992)}\n`
  for (let n = 0; n < 2000; n++) {
    file.write(line(n), 0)
    // Compression goes on between rotations.
    if (n % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await file.settled()
  file.write(line(2000), 0)
  const names = visible(directory).filter((name) => name !== 'host.log')
  const numberOf = (name: string): number => Number(/\d+/.exec(name)?.[0])
  const texts = names
    .toSorted((a, b) => numberOf(b) - numberOf(a))
    .map((name) =>
      name.endsWith('.gz') ? String(gunzipSync(readFileSync(path.join(directory, name)))) : read(directory, name),
    )
  const numbers = [...texts, read(directory)]
    .join('')
    .match(/^\d{6}/gm)!
    .map(Number)
  assert.deepEqual(
    numbers,
    Array.from({ length: 2001 }, (_, n) => n),
  )
  assert.ok(names.filter((name) => name.endsWith('.gz')).length >= names.length - 1, names.join(' '))
})

test('what is logged while the process ends is in the file, too', async (t) => {
  const app = makeAppFolder(t)
  await app.run(`
    const logger = getLogger('host', { logDir, console: false })
    process.on('exit', (code) => logger.info('bye %d', code))
    setTimeout(() => { throw new Error('crash') })`)
  assert.match(app.read('host.log'), /\[INFO\] bye 1\n$/)
  assert.deepEqual(readdirSync(app.logs), ['host.log'])
})
