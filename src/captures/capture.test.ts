import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openCapture } from './capture.ts'
import { stageChains } from '../shape/stage-chain.ts'

test('a file of others that cannot be read for a moment ends nothing, and is read later', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-capture-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'app.log')
  writeFileSync(path, 'one\n')
  const { dev: device, ino: inode } = statSync(path)
  let fails = true
  const failed: string[] = []
  const capture = openCapture({
    key: 'key',
    origin: { source: 'files', run: 1, session: 's', pid: 0 },
    request: { run: 1, path, device, inode, start: 'beginning', encoding: 'utf-8' },
    cursor: undefined,
    stages: stageChains([], { stages: {} })('files'),
    allocate(length) {
      if (fails) throw new Error('EIO: i/o error, read')
      return new Uint8Array(length)
    },
    failed: (of, { message }) => failed.push(`${of} ${message}`),
  })
  t.after(() => capture.close())
  assert.equal(capture.read(), undefined)
  assert.equal(capture.read(), undefined, 'not again at once')
  assert.deepEqual(failed, [`${path} EIO: i/o error, read`])
  fails = false
  let chunk
  while (!(chunk = capture.read())) await sleep(50)
  assert.equal(chunk.start.length, 1)
})
