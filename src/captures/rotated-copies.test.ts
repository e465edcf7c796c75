import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  renameSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { linesOf, reading, textOf } from '../pipeline/reading-harness.ts'

test('a copy that is found while its rest is read is read once', async (t) => {
  const { log, step, follow, settle, lines } = reading(t)
  const first = linesOf('first', 30_000)
  writeFileSync(log, textOf(first))
  await follow(log)
  await step()
  const before = (await lines()).length
  assert.ok(before > 0 && before < first.length)
  copyFileSync(log, `${log}.1`)
  writeFileSync(log, textOf(['new']))
  // Notices the truncation, and begins with the rest.
  await step()
  await step()
  const during = (await lines()).length
  assert.ok(during > before && during < first.length)
  assert.equal(await follow(`${log}.1`), 'moved')
  await settle()
  assert.deepEqual((await lines()).sort(), [...first, 'new'].sort())
})

for (const [encoding, write] of [
  ['latin1', (text: string) => Buffer.from(text, 'latin1')],
  ['utf-16le', (text: string) => Buffer.from(text, 'utf16le')],
  ['utf-16be', (text: string) => Buffer.from(text, 'utf16le').swap16()],
] as const)
  test(`the rest in a copy is ${encoding} as its original is`, async (t) => {
    const { log, follow, settle, lines } = reading(t, encoding)
    await follow(log)
    writeFileSync(log, write('schön\nhalf'))
    await settle()
    appendFileSync(log, write(' a line\ngrößer\n'))
    copyFileSync(log, `${log}.1`)
    writeFileSync(log, write('ä\n'))
    await settle()
    assert.deepEqual((await lines()).sort(), ['größer', 'half a line', 'schön', 'ä'])
  })

test('of a program that leaves holes, each copy is read, however early it was truncated again', async (t) => {
  const { log, step, follow, settle, lines } = reading(t)
  await follow(log)
  const parts = ['first', 'second', 'third', 'fourth'].map((name) => linesOf(name))
  let length = 0
  for (const [index, part] of parts.entries()) {
    truncateSync(log)
    truncateSync(log, length)
    // Looked at while it has nothing but zeros yet.
    if (index > 0) await step()
    appendFileSync(log, textOf(part))
    length = statSync(log).size
    // Of the second nothing is read.
    if (index !== 1) await step()
    if (index < 3) copyFileSync(log, `${log}.${index}`)
    if (index > 1) await follow(`${log}.${index - 1}`)
  }
  await settle()
  assert.deepEqual((await lines()).sort(), parts.flat().sort())
})

test('what was written and copied before anybody looked is read from the copy, once', async (t) => {
  const { log, step, follow, settle, lines } = reading(t)
  await follow(log)
  await step()
  const [first, second] = [linesOf('first'), linesOf('second')]
  writeFileSync(log, textOf(first))
  copyFileSync(log, `${log}.1`)
  assert.equal(await follow(`${log}.1`), 'copy', 'it will be read where it is')
  writeFileSync(log, textOf(second))
  await settle()
  assert.deepEqual((await lines()).sort(), [...first, ...second].sort())
})

test('copied and truncated twice while no hub was there: all of it, once, also of what is copied twice', async (t) => {
  const { log, follow, settle, again, lines } = reading(t)
  await follow(log)
  const [first, second, third] = [linesOf('first'), linesOf('second'), linesOf('third')]
  writeFileSync(log, textOf(first.slice(0, 30)))
  await settle()
  writeFileSync(log, textOf(first))
  copyFileSync(log, `${log}.2`)
  copyFileSync(log, `${log}.bak`)
  writeFileSync(log, textOf(second))
  copyFileSync(log, `${log}.1`)
  writeFileSync(log, textOf(third))
  again()
  // What is remembered is opened first.
  await follow(log)
  assert.equal(typeof (await follow(`${log}.2`)), 'number')
  assert.equal(await follow(`${log}.bak`), 'copy')
  await settle()
  assert.deepEqual(await lines(), [...first, ...second, ...third])
})

test('copied, and not truncated, while no hub was there: read on where it is', async (t) => {
  const { log, follow, settle, again, lines } = reading(t)
  await follow(log)
  const first = linesOf('first')
  writeFileSync(log, textOf(first.slice(0, 30)))
  await settle()
  writeFileSync(log, textOf(first))
  copyFileSync(log, `${log}.1`)
  again()
  await follow(log)
  assert.equal(await follow(`${log}.1`), 'copy')
  await settle()
  renameSync(`${log}.1`, `${log}.2`)
  assert.equal(await follow(`${log}.2`), 'copy')
  writeFileSync(log, textOf(['new']))
  await settle()
  assert.deepEqual(await lines(), [...first, 'new'])
})

test('a copy that is renamed in the moment in which it is opened is read once, also when the hub is killed after that', async (t) => {
  const { log, step, place, follow, settle, again, lines } = reading(t)
  await follow(log)
  const [first, second] = [linesOf('first'), linesOf('second')]
  writeFileSync(log, textOf(first.slice(0, 30)))
  await settle()
  writeFileSync(log, textOf(first))
  copyFileSync(log, `${log}.1`)
  writeFileSync(log, textOf(second))
  again()
  const another = { ...place(`${log}.1`), inode: 1 }
  assert.equal(await follow(`${log}.1`, 'beginning', another), 'moved')
  await follow(log)
  await step()
  again()
  await follow(`${log}.1`)
  await follow(log)
  await settle()
  assert.deepEqual((await lines()).sort(), [...first, ...second].sort())
})

test('a copy that has less than was read is none with a rest, also when the hub is killed before it is found', async (t) => {
  const { log, step, follow, settle, again, lines } = reading(t)
  await follow(log)
  const first = linesOf('first')
  writeFileSync(log, textOf(first.slice(0, 30)))
  copyFileSync(log, `${log}.1`)
  writeFileSync(log, textOf(first))
  await settle()
  writeFileSync(log, textOf(['new']))
  await step()
  await step()
  again()
  assert.equal(await follow(`${log}.1`), 'copy')
  await follow(log)
  await settle()
  assert.deepEqual(await lines(), [...first, 'new'])
})

test('a copy with the inode of a file that was read before is opened before its original, and its rest read once', async (t) => {
  const { log, follow, settle, again, lines } = reading(t)
  const [old, first] = [linesOf('old'), linesOf('first')]
  writeFileSync(`${log}.1`, textOf(old))
  await follow(`${log}.1`)
  writeFileSync(log, textOf(first.slice(0, 30)))
  await follow(log)
  await settle()
  again()
  writeFileSync(log, textOf(first))
  copyFileSync(log, `${log}.1`)
  writeFileSync(log, textOf(['new']))
  await follow(`${log}.1`)
  await follow(log)
  await settle()
  assert.deepEqual((await lines()).sort(), [...old, ...first, 'new'].sort())
})

test('copied and truncated twice between two steps: the lines come in order', async (t) => {
  const { log, follow, settle, lines } = reading(t)
  await follow(log)
  const parts = ['first', 'second', 'third'].map((name, index) => linesOf(name, 50 * (index + 1)))
  const writeAt = (secondsAgo: number, path: string, part: readonly string[]): void => {
    writeFileSync(path, textOf(part))
    utimesSync(path, Date.now() / 1000 - secondsAgo, Date.now() / 1000 - secondsAgo)
  }
  writeAt(30, log, parts[0]!)
  await settle()
  writeAt(20, `${log}.2`, parts[0]!)
  writeAt(10, `${log}.1`, parts[1]!)
  writeAt(0, log, parts[2]!)
  await settle()
  assert.deepEqual(await lines(), parts.flat())
})

test('a copy of what was read is not taken for one of what was written later, though it is as young', async (t) => {
  const { log, follow, settle, lines } = reading(t)
  await follow(log)
  const first = linesOf('first')
  writeFileSync(log, textOf(first.slice(0, 30)))
  copyFileSync(log, `${log}.1`)
  writeFileSync(log, textOf(first))
  const { atime, mtime } = statSync(log)
  utimesSync(`${log}.1`, atime, mtime)
  utimesSync(log, atime, mtime)
  await settle()
  writeFileSync(log, textOf(['new']))
  await settle()
  assert.deepEqual(await lines(), [...first, 'new'])
})

test('what begins like the little that was read of a truncated log is no second copy of it', async (t) => {
  const { log, follow, settle, lines } = reading(t)
  await follow(log)
  writeFileSync(log, 'a new file begins\n')
  await settle()
  appendFileSync(log, 'unread\n')
  copyFileSync(log, `${log}.2`)
  writeFileSync(log, '')
  await settle()
  // A second copy of the same file, and another file of the log.
  copyFileSync(`${log}.2`, `${log}.3`)
  writeFileSync(`${log}.1`, 'a new file begins\nanother\n')
  for (const number of [3, 2, 1]) await follow(`${log}.${number}`)
  await settle()
  assert.deepEqual((await lines()).sort(), ['a new file begins', 'a new file begins', 'another', 'unread'])
})

test('what begins like a truncated log and like a file that was read is neither of the two', async (t) => {
  const { log, follow, settle, lines } = reading(t)
  writeFileSync(`${log}.2`, 'a new file begins\nolder\n')
  await follow(`${log}.2`)
  await settle()
  writeFileSync(log, 'a new file begins\n')
  await follow(log)
  await settle()
  writeFileSync(log, '')
  await settle()
  writeFileSync(`${log}.1`, 'a new file begins\nanother\n')
  await follow(`${log}.1`)
  await settle()
  const banner = 'a new file begins'
  assert.deepEqual(await lines(), [banner, 'older', banner, banner, 'another'])
})

test('the rest in a copy is that of the truncation of which it has most', async (t) => {
  const { log, follow, settle, lines, forget, place } = reading(t)
  const banner = 'a new file begins'
  // Truncated without a copy, when it had its first line.
  writeFileSync(log, `${banner}\n`)
  await follow(log)
  await settle()
  writeFileSync(log, '')
  await settle()
  const first = place(log)
  renameSync(log, `${log}.9`)
  writeFileSync(log, textOf([banner, ...linesOf('first', 10)]))
  await follow(log)
  await settle()
  forget(first)
  appendFileSync(log, 'rest\n')
  copyFileSync(log, `${log}.1`)
  writeFileSync(log, 'new\n')
  await follow(`${log}.1`)
  await settle()
  assert.deepEqual((await lines()).sort(), [banner, banner, ...linesOf('first', 10), 'new', 'rest'].sort())
})

test('a copy of what is gone is one of the place of which it has most', async (t) => {
  const { log, follow, settle, lines, again } = reading(t)
  const banner = 'a new file begins'
  writeFileSync(`${log}.1`, `${banner}\n`)
  await follow(`${log}.1`)
  writeFileSync(log, textOf([banner, ...linesOf('first', 10)]))
  await follow(log)
  await settle()
  again()
  unlinkSync(`${log}.1`)
  copyFileSync(log, `${log}.1`)
  unlinkSync(log)
  // In the place of the one that the copy was made of.
  writeFileSync(`${log}.new`, '')
  renameSync(`${log}.new`, log)
  await follow(`${log}.1`)
  await settle()
  assert.deepEqual((await lines()).sort(), [banner, banner, ...linesOf('first', 10)].sort())
})

test('a copy that was left to its log, which was truncated while no hub was there and nothing of that was read, is read', async (t) => {
  const { log, follow, step, settle, lines, again } = reading(t)
  const [first, second] = [linesOf('first'), linesOf('second')]
  const write = (secondsAgo: number, path: string, text: string): void => {
    writeFileSync(path, text)
    utimesSync(path, Date.now() / 1000 - secondsAgo, Date.now() / 1000 - secondsAgo)
  }
  write(30, log, textOf(first))
  await follow(log)
  await settle()
  write(20, log, textOf(second))
  write(20, `${log}.1`, textOf(second))
  assert.equal(await follow(`${log}.1`), 'copy')
  // Sees that the log was truncated, and remembers the copy.
  await step()
  assert.equal((await lines()).length, first.length)
  again()
  write(10, log, 'third\n')
  await follow(log)
  await follow(`${log}.1`)
  await settle()
  assert.deepEqual(await lines(), [...first, ...second, 'third'])
})

test('a second copy of a truncated log, made when that had more, is read on where the first ends', async (t) => {
  const { log, follow, settle, lines } = reading(t)
  await follow(log)
  const first = linesOf('first')
  writeFileSync(log, textOf(first.slice(0, 10)))
  await settle()
  writeFileSync(`${log}.2`, textOf(first.slice(0, 30)))
  writeFileSync(log, 'new\n')
  await settle()
  writeFileSync(`${log}.1`, textOf(first))
  await follow(`${log}.1`)
  await settle()
  assert.deepEqual((await lines()).sort(), [...first, 'new'].sort())
})

test('a copy that has the inode of an archive that was removed: its rest is read', async (t) => {
  const { log, follow, settle, lines } = reading(t)
  const [old, first] = [linesOf('old'), linesOf('first')]
  writeFileSync(log, textOf(old))
  await follow(log)
  await settle()
  writeFileSync(`${log}.2.gz`, gzipSync(textOf(old)))
  const archive = follow(`${log}.2.gz`)
  await settle()
  assert.equal(await archive, 'copy')
  writeFileSync(log, textOf(first.slice(0, 30)))
  await settle()
  writeFileSync(log, textOf(first))
  // As removing the oldest and copying do where the numbers of inodes are given out again at once.
  renameSync(`${log}.2.gz`, `${log}.1`)
  copyFileSync(log, `${log}.1`)
  writeFileSync(log, textOf(['new']))
  await settle()
  await follow(`${log}.1`)
  await settle()
  assert.deepEqual((await lines()).sort(), [...old, ...first, 'new'].sort())
})
