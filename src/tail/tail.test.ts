import assert from 'node:assert/strict'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JoinedLines, LinesRead } from '../contracts/stage.ts'
import type { TailChunk } from './tail-chunk.ts'
import { openTail } from './tail.ts'
import type { TailOptions } from './tail-options.ts'

function scratch(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-tail-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return join(directory, 'file')
}

const lines = (chunk: TailChunk | undefined): string[] =>
  chunk ? [...chunk.start].map((start, i) => Buffer.from(chunk.text).toString('latin1', start, chunk.end[i])) : []

function tailing(t: TestContext, options: Partial<TailOptions> = {}) {
  const path = options.path ?? scratch(t)
  if (!options.path) writeFileSync(path, '')
  const tail = openTail({ ...options, path })
  t.after(() => tail.close())
  return { path, tail }
}

test('gives whole lines only, and the rest once it is whole', (t) => {
  const { path, tail } = tailing(t)
  assert.equal(tail.read(), undefined)
  appendFileSync(path, 'one\ntwo\r\nthr')
  assert.deepEqual(lines(tail.read()), ['one', 'two'])
  assert.equal(tail.read(), undefined)
  appendFileSync(path, 'ee\n\n')
  assert.deepEqual(lines(tail.read()), ['three', ''])
})

test('the last line without newline comes when the end is final, once', (t) => {
  const { path, tail } = tailing(t)
  appendFileSync(path, 'last words')
  assert.equal(tail.read(), undefined)
  assert.deepEqual(lines(tail.read(true)), ['last words'])
  assert.equal(tail.read(true), undefined)
})

test('a cursor resumes exactly where it was taken, at every byte of a file written in pieces', (t) => {
  const path = scratch(t)
  const text = 'a\nbé\n\nlonger line here\nlast\n'
  const bytes = Buffer.from(text)
  const seen: string[] = []
  let cursor
  for (let length = 0; length <= bytes.length; length++) {
    writeFileSync(path, bytes.subarray(0, length), { flag: length === 0 ? 'w' : 'r+' })
    const tail = openTail({ path, cursor })
    seen.push(...lines(tail.read()))
    cursor = tail.cursor()
    tail.close()
  }
  assert.deepEqual(seen, Buffer.from(text).toString('latin1').split('\n').slice(0, -1))
})

test('a line longer than the limit comes in marked parts that do not split characters', (t) => {
  const { path, tail } = tailing(t, { maxLineBytes: 1000, windowBytes: 300 })
  const long = 'é'.repeat(1250) + 'x'
  appendFileSync(path, `short\n${long}\nafter\n`)
  const parts: string[] = []
  const marks: unknown[] = []
  for (let chunk = tail.read(); chunk; chunk = tail.read()) {
    assert.equal(chunk.utf8, true)
    parts.push(...[...chunk.start].map((start, i) => Buffer.from(chunk.text).toString('utf8', start, chunk.end[i])))
    if (chunk.fragment) marks.push([chunk.fragment, chunk.lastFragment])
  }
  assert.equal(parts[0], 'short')
  assert.equal(parts.at(-1), 'after')
  assert.equal(parts.slice(1, -1).join(''), long)
  assert.deepEqual(marks, [
    [1, false],
    [2, false],
    [3, true],
  ])
})

test('a file that was truncated and is as long as before is read again, with a gap', async (t) => {
  const { path, tail } = tailing(t)
  writeFileSync(path, 'one\n')
  assert.deepEqual(lines(tail.read()), ['one'])
  assert.equal(tail.read(), undefined)
  // The clock of file systems is coarse.
  await sleep(20)
  writeFileSync(path, 'two\n')
  assert.equal(tail.changed(), true)
  const chunk = tail.read()
  assert.deepEqual(lines(chunk), ['two'])
  assert.equal(chunk?.gap?.cause, 'truncated')
  assert.equal(tail.read(), undefined)
  assert.equal(tail.changed(), false)
})

test('a truncated file is read from its start again, with a gap', (t) => {
  const { path, tail } = tailing(t)
  appendFileSync(path, 'one\ntwo\n')
  tail.read()
  truncateSync(path, 0)
  appendFileSync(path, 'new\n')
  const chunk = tail.read()
  assert.deepEqual(lines(chunk), ['new'])
  assert.deepEqual(chunk?.gap, { cause: 'truncated', from: 8, to: 0, bytes: 'unknown' })
})

test('a file that was truncated and grew beyond the offset between two looks is noticed', (t) => {
  const { path, tail } = tailing(t)
  appendFileSync(path, 'one\ntwo\n')
  tail.read()
  truncateSync(path, 0)
  appendFileSync(path, 'completely different\nlines\n')
  const chunk = tail.read()
  assert.deepEqual(lines(chunk), ['completely different', 'lines'])
  assert.equal(chunk?.gap?.cause, 'truncated')
})

test('a log that was truncated and grew beyond the offset with lines that end alike is noticed', (t) => {
  const linesFrom = (first: number): string[] =>
    Array.from({ length: 50 }, (_, i) => `${first + i} ${'all went well '.repeat(10)}`)
  const { path, tail } = followed(t, linesFrom(100).join('\n') + '\n')
  assert.equal(texts(tail.read()).length, 50)
  truncateSync(path, 0)
  appendFileSync(path, [...linesFrom(200), 'more'].join('\n') + '\n')
  assert.equal(tail.read(), undefined, 'a copy would be read first')
  assert.deepEqual(texts(tail.read()), [...linesFrom(200), 'more'])
})

test('a cursor of another file starts at the beginning, with a gap', (t) => {
  const path = scratch(t)
  writeFileSync(path, 'one\n')
  const { tail } = tailing(t, { path, cursor: { offset: 400, inode: 1, check: 0 } })
  const chunk = tail.read()
  assert.deepEqual(lines(chunk), ['one'])
  assert.equal(chunk?.gap?.cause, 'replaced')
})

test('of a backlog over its limit the oldest bytes are skipped, exactly counted', (t) => {
  const { path, tail } = tailing(t, { backlogLimitBytes: 100, windowBytes: 64 })
  appendFileSync(path, '123456789\n'.repeat(50))
  const all: string[] = []
  let gap
  for (let chunk = tail.read(); chunk; chunk = tail.read()) {
    gap ??= chunk.gap
    all.push(...lines(chunk))
  }
  assert.equal(gap?.cause, 'backlog')
  assert.equal(gap?.bytes, 500 - all.length * 10)
  assert.ok(all.length >= 9 && all.length <= 10)
})

test('invalid UTF-8 is told, NUL bytes are kept', (t) => {
  const { path, tail } = tailing(t)
  appendFileSync(path, Buffer.from([0x61, 0, 0x62, 10]))
  const good = tail.read()
  assert.equal(good?.utf8, true)
  assert.deepEqual(lines(good), ['a\0b'])
  appendFileSync(path, Buffer.from([0xff, 10]))
  assert.equal(tail.read()?.utf8, false)
})

/** A file of others, as a hub would open it. */
function followed(t: TestContext, content: string | Buffer, options: Partial<TailOptions> = {}) {
  const path = scratch(t)
  writeFileSync(path, content)
  const { dev, ino } = statSync(path)
  const tail = openTail({ ...options, path, identity: { device: dev, inode: ino } })
  t.after(() => tail.close())
  return { path, tail }
}

const texts = (chunk: TailChunk | undefined): string[] =>
  chunk ? [...chunk.start].map((start, i) => Buffer.from(chunk.text).toString('utf8', start, chunk.end[i])) : []

test('at the end means: from the line that is being written', (t) => {
  const { path, tail } = followed(t, 'old\nhalf', { start: 'end' })
  assert.equal(tail.read(), undefined)
  appendFileSync(path, ' a line\nnew\n')
  assert.deepEqual(texts(tail.read()), ['half a line', 'new'])
})

for (const [encoding, bytes] of [
  ['utf-8', Buffer.from('\ufeffgrün\nß漢\r\n')],
  ['utf-16le', Buffer.from('\ufeffgrün\nß漢\r\n', 'utf16le')],
  ['utf-16be', Buffer.from('\ufeffgrün\nß漢\r\n', 'utf16le').swap16()],
  ['latin1', Buffer.from('grün\nß\r\n', 'latin1')],
] as const)
  test(`${encoding} becomes UTF-8, without its mark, in any pieces`, (t) => {
    const { path, tail } = followed(t, '', encoding === 'latin1' ? { encoding } : {})
    const seen: string[] = []
    let cursor
    for (let length = 1; length <= bytes.length; length++) {
      appendFileSync(path, bytes.subarray(length - 1, length))
      const again = openTail({ path, cursor, identity: tail.identity, ...(encoding === 'latin1' ? { encoding } : {}) })
      seen.push(...texts(again.read()))
      cursor = again.cursor()
      again.close()
    }
    assert.deepEqual(seen, encoding === 'latin1' ? ['grün', 'ß'] : ['grün', 'ß漢'])
  })

test('zeros in front of what is written behind a truncation are no lines', (t) => {
  const places: unknown[] = []
  const { path, tail } = followed(t, 'first\nsecond\n', { truncated: (before) => places.push(before.offset) })
  assert.deepEqual(texts(tail.read()), ['first', 'second'])
  truncateSync(path, 0)
  // As by a program that goes on where it was.
  writeFileSync(path, Buffer.concat([Buffer.alloc(13), Buffer.from('third\n')]))
  assert.equal(tail.read(), undefined, 'a copy would be read first')
  const chunk = tail.read()
  assert.deepEqual(texts(chunk), ['third'])
  assert.deepEqual(chunk?.gap, { cause: 'truncated', from: 13, to: 0, bytes: 'unknown' })
  assert.deepEqual(places, [13])
})

test('a path that names another file is refused; one that was released is found again under its new name', (t) => {
  const { path, tail } = followed(t, 'one\n')
  assert.deepEqual(texts(tail.read()), ['one'])
  const { inode, device } = tail.identity
  assert.throws(() => openTail({ path, identity: { device, inode: inode + 1 } }), { code: 'ENOENT' })
  tail.release()
  renameSync(path, `${path}.1`)
  writeFileSync(path, 'of another\nand more\n')
  assert.equal(tail.read(), undefined, 'nothing is taken from a stranger')
  appendFileSync(`${path}.1`, 'two\n')
  tail.rename(`${path}.1`)
  assert.deepEqual(texts(tail.read()), ['two'])
})

test('another file with the same inode is read from its start', (t) => {
  const { path, tail } = followed(t, 'one\ntwo\n')
  tail.read()
  const cursor = tail.cursor()
  writeFileSync(path, 'something else\nand longer\n')
  const again = openTail({ path, cursor, identity: tail.identity })
  t.after(() => again.close())
  const chunk = again.read()
  assert.deepEqual(texts(chunk), ['something else', 'and longer'])
  assert.equal(chunk?.gap?.cause, 'truncated')
})

test('of a file of others nothing is skipped, however much is unread', (t) => {
  const { path, tail } = followed(t, 'first\n')
  // A hole takes no space.
  truncateSync(path, 2 * 1024 ** 3)
  const chunk = tail.read()
  assert.deepEqual([texts(chunk), chunk?.gap], [['first'], undefined])
})

test('a file that cannot be found any more, whatever stands in its place, is no reason to fail', (t) => {
  const { path, tail } = followed(t, 'one\n')
  assert.deepEqual(texts(tail.read()), ['one'])
  tail.release()
  renameSync(path, `${path}.1`)
  symlinkSync(`${path}.1`, path)
  assert.equal(tail.read(true), undefined)
  assert.equal(tail.changed(), false)
  rmSync(path)
  mkdirSync(path)
  assert.equal(tail.read(true), undefined)
  tail.rename(`${path}.1/nowhere`)
  assert.equal(tail.changed(), false)
})

/** Lines that begin with a space go on with the one before; the last may go on. */
function joinIndented({ text, start, end }: LinesRead, mayHold: boolean): JoinedLines {
  const begins = [...start.keys()].filter((i) => i === 0 || text[start[i]!] !== 32)
  const rows = mayHold ? begins.slice(0, -1) : begins
  return {
    start: Uint32Array.from(rows, (i) => start[i]!),
    end: Uint32Array.from(rows, (_, n) => end[(begins[n + 1] ?? start.length) - 1]!),
    held: mayHold ? start.length - begins.at(-1)! : 0,
  }
}

test('what was seen of a file that is removed before it is read is told as missing, once', (t) => {
  const path = scratch(t)
  writeFileSync(path, 'one\ntw')
  const { dev: device, ino: inode } = statSync(path)
  const { tail } = tailing(t, { path, identity: { device, inode } })
  assert.deepEqual(lines(tail.read()), ['one'])
  tail.release()
  rmSync(path)
  assert.equal(tail.read(), undefined)
  assert.deepEqual(tail.read(true)?.gap, { cause: 'removed', from: 4, to: 6, bytes: 2 })
  assert.equal(tail.read(true), undefined)
})

test('lines that may go on are given back, and the cursor stays before them', (t) => {
  const { path, tail } = tailing(t, { join: joinIndented })
  appendFileSync(path, 'one\n a\ntwo\n b\n')
  assert.deepEqual(texts(tail.read()), ['one\n a'])
  assert.deepEqual([tail.heldBytes(), tail.offset()], [7, 7])
  assert.equal(tail.read(), undefined, 'nothing has come')
  appendFileSync(path, ' c\nthree\n')
  const before = tail.cursor()
  assert.deepEqual(texts(tail.read()), ['two\n b\n c'])
  const other = openTail({ path, cursor: before, join: joinIndented })
  t.after(() => other.close())
  assert.deepEqual(texts(other.read()), ['two\n b\n c'])
  assert.equal(tail.read(), undefined)
  assert.deepEqual(texts(tail.read(false, true)), ['three'], 'it is due')
  assert.equal(tail.heldBytes(), 0)
})

test('what is held may fill the window, and is then held no longer', (t) => {
  const { path, tail } = tailing(t, { join: joinIndented, windowBytes: 64 })
  appendFileSync(path, `one\n${' a\n'.repeat(40)}two\n`)
  const rows: string[] = []
  for (let chunk = tail.read(); chunk; chunk = tail.read()) rows.push(...texts(chunk))
  assert.equal(`${rows.join('\n')}\ntwo\n`, `one\n${' a\n'.repeat(40)}two\n`)
  assert.equal(tail.heldBytes(), 4)
})

for (const encoding of ['utf-16le', 'utf-16be', 'latin1'] as const)
  test(`lines are given back in ${encoding}`, (t) => {
    const encode = (text: string): Buffer => {
      const bytes = Buffer.from(text, encoding === 'latin1' ? 'latin1' : 'utf16le')
      return encoding === 'utf-16be' ? bytes.swap16() : bytes
    }
    const { path, tail } = followed(t, '', { encoding, join: joinIndented })
    writeFileSync(path, encode(`${encoding === 'latin1' ? '' : '\ufeff'}é one\n ü\ntwo\n b\n`))
    assert.deepEqual(texts(tail.read()), ['é one\n ü'])
    appendFileSync(path, encode(' c\nthree\n'))
    assert.deepEqual(texts(tail.read()), ['two\n b\n c'])
    assert.deepEqual(texts(tail.read(true)), ['three'])
  })
