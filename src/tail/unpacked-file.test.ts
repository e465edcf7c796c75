import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { StreamFile } from './stream-file.ts'
import { openUnpackedFile } from './unpacked-file.ts'

async function unpacked(t: TestContext, text: Buffer): Promise<StreamFile> {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-unpacked-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'app.log.gz')
  writeFileSync(path, gzipSync(text, { level: 1 }))
  const { dev: device, ino: inode } = statSync(path)
  const file = await openUnpackedFile(path, { device, inode })
  t.after(file.close)
  return file
}

test('only a window of it is in memory, which moves on with who reads', async (t) => {
  const text = Buffer.from(Array.from({ length: 1_000_000 }, (_, line) => `line ${line}\n`).join(''))
  const file = await unpacked(t, text)
  const most = 3 * 1024 * 1024
  let at = 0
  while (at < text.length) {
    await sleep(1)
    assert.ok(file.stat().size - at <= most)
    const bytes = file.read(at, 256 * 1024)
    assert.ok(text.subarray(at, at + bytes.length).equals(bytes))
    at += bytes.length
  }
  await sleep(1)
  assert.deepEqual([file.isWhole(), file.damage()], [true, undefined])
})

test('what is not kept can be passed, and the beginning behind zeros stays', async (t) => {
  const zeros = Buffer.alloc(9_000_000)
  const text = Buffer.concat([zeros, Buffer.from('x'.repeat(9_000_000)), Buffer.from('the end')])
  const file = await unpacked(t, text)
  assert.equal(file.beginning.at, zeros.length)
  assert.equal(await file.passTo(text.length - 7), true)
  assert.equal(file.read(text.length - 10, 10).toString(), 'xxxthe end')
  assert.equal(file.read(zeros.length - 1, 3).toString(), '\0xx')
  assert.equal(await file.passTo(text.length + 1), false)
})

test('zeros before the beginning are read as such, also in pieces that end among them', async (t) => {
  const file = await unpacked(t, Buffer.concat([Buffer.alloc(5_000_000), Buffer.from('the end\n')]))
  assert.deepEqual(file.read(0, 1024), Buffer.alloc(1024))
  assert.deepEqual(file.read(4_999_000, 2000), Buffer.concat([Buffer.alloc(1000), Buffer.from('the end\n')]))
})
