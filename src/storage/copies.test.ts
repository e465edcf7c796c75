import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { recordsOf } from '../query/records-of.ts'
import type { Encoding, FilePlace } from '../source.ts'
import { openMemoryStore } from '../stores/memory/memory-store.ts'
import { openPipeline } from './pipeline.ts'
import { stageChains } from './stage-chain.ts'

/** A log and what reads it; `again` is the next hub. */
function reading(t: TestContext, encoding: Encoding = 'utf-8') {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-copies-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const store = openMemoryStore(Date.now, 1e9)
  const open = () =>
    openPipeline({
      store,
      session: 's',
      openStages: stageChains([], { stages: {} }),
      publish: () => undefined,
      warn: (message) => assert.fail(message),
      now: Date.now,
    })
  let pipeline = open()
  const log = join(directory, 'app.log')
  writeFileSync(log, '')

  const place = (path: string): FilePlace => {
    const { dev: device, ino: inode } = statSync(path)
    return { path, device, inode }
  }
  const step = () => pipeline.step()
  return {
    log,
    step,
    /** As the files of a source are opened: what lies beside the log with what it lies beside. */
    follow(path: string) {
      const original = path === log ? {} : { original: place(log) }
      return pipeline.tailForeign('app', { run: 1, ...place(path), ...original, start: 'beginning', encoding })
    },
    /** Until nothing is left. */
    async settle() {
      for (let quiet = 0; quiet < 3; quiet++) if ((await step()).bytes > 0) quiet = 0
    },
    again() {
      for (const capture of pipeline.captures()) capture.close()
      pipeline = open()
    },
    async lines() {
      const lines: string[] = []
      for await (const page of store.search({ order: 'oldest' }))
        for (const { kind, message } of recordsOf(page.batches, 'oldest')) if (kind === 'system') lines.push(message)
      return lines
    },
  }
}

/** Of one content, each different, and longer than what is remembered of a beginning. */
const linesOf = (name: string, count = 50): string[] =>
  Array.from({ length: count }, (_, line) => `${name} ${line} with some words behind`)
const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

test('a copy that is found while its rest is read is read once', async (t) => {
  const { log, step, follow, settle, lines } = reading(t)
  const first = linesOf('first', 30_000)
  writeFileSync(log, textOf(first))
  follow(log)
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
  assert.equal(follow(`${log}.1`), 'moved')
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
    follow(log)
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
  follow(log)
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
    if (index > 1) follow(`${log}.${index - 1}`)
  }
  await settle()
  assert.deepEqual((await lines()).sort(), parts.flat().sort())
})

test('what was written and copied before anybody looked is read from the copy, once', async (t) => {
  const { log, step, follow, settle, lines } = reading(t)
  follow(log)
  await step()
  const [first, second] = [linesOf('first'), linesOf('second')]
  writeFileSync(log, textOf(first))
  copyFileSync(log, `${log}.1`)
  assert.equal(follow(`${log}.1`), 'copy', 'it will be read where it is')
  writeFileSync(log, textOf(second))
  await settle()
  assert.deepEqual((await lines()).sort(), [...first, ...second].sort())
})

test('copied and truncated twice while no hub was there: all of it, once, also of what is copied twice', async (t) => {
  const { log, follow, settle, again, lines } = reading(t)
  follow(log)
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
  assert.equal(typeof follow(`${log}.2`), 'number')
  assert.equal(follow(`${log}.bak`), 'copy')
  await settle()
  assert.equal(typeof follow(`${log}.1`), 'number')
  await settle()
  follow(log)
  await settle()
  assert.deepEqual(await lines(), [...first, ...second, ...third])
})

test('copied, and not truncated, while no hub was there: read on where it is', async (t) => {
  const { log, follow, settle, again, lines } = reading(t)
  follow(log)
  const first = linesOf('first')
  writeFileSync(log, textOf(first.slice(0, 30)))
  await settle()
  writeFileSync(log, textOf(first))
  copyFileSync(log, `${log}.1`)
  again()
  assert.equal(follow(`${log}.1`), 'copy')
  follow(log)
  await settle()
  renameSync(`${log}.1`, `${log}.2`)
  assert.equal(follow(`${log}.2`), 'copy')
  writeFileSync(log, textOf(['new']))
  await settle()
  assert.deepEqual(await lines(), [...first, 'new'])
})
