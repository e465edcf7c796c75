import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openCaptureSpace, type SpaceOrder, type SpaceOutcome } from './capture-space.ts'
import type { Capture } from './capture.ts'

const mebibyte = 1024 * 1024

function scratch(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-space-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return directory
}

/** All that is looked at: a file of which `read` bytes were read. */
function captureOf(path: string, read: number, end = read): Capture {
  const known: Partial<Capture> = {
    key: path,
    path,
    private: true,
    active: () => true,
    offset: () => read,
    backlogBytes: () => end - read,
  }
  return known as Capture
}

test('idle files get space ahead once, and nothing is started for them again', async (t) => {
  const directory = scratch(t)
  const orders: SpaceOrder[][] = []
  let time = 0
  const space = openCaptureSpace({
    directory,
    now: () => time,
    committed: () => 0,
    order(some) {
      orders.push(some)
      return Promise.resolve({ spared: [], failed: [] })
    },
  })
  const captures = Array.from({ length: 100 }, (_, i) => captureOf(join(directory, String(i)), 0))
  for (; time < 60_000; time += 100) {
    space.tend(captures, false)
    await Promise.resolve()
  }
  assert.deepEqual(
    orders.map((some) => some.length),
    [100],
  )
})

test('where space cannot be had, an idle file asks again about once a second', async (t) => {
  const directory = scratch(t)
  let asked = 0
  let time = 0
  const space = openCaptureSpace({
    directory,
    now: () => time,
    committed: () => 0,
    order(): Promise<SpaceOutcome> {
      asked++
      return Promise.resolve({ spared: [], failed: [0] })
    },
  })
  for (; time < 10_000; time += 20) {
    space.tend([captureOf(join(directory, 'a'), 0)], true)
    await Promise.resolve()
  }
  assert.ok(asked > 2 && asked < 15, `asked ${asked} times`)
})

test('what is committed is punched out and takes no space; what is not is left as it is', async (t) => {
  const directory = scratch(t)
  const path = join(directory, 'file')
  const bytes = Buffer.alloc(12 * mebibyte, 'line\n')
  writeFileSync(path, bytes)
  const committed = 8 * mebibyte + 5
  const space = openCaptureSpace({ directory, now: Date.now, committed: () => committed })
  space.tend([captureOf(path, 10 * mebibyte, bytes.length)], false)
  // Until all of it is done: nobody else has space meanwhile.
  for (const deadline = Date.now() + 10_000; space.room() === 0 && Date.now() < deadline;) await sleep(5)
  const { size, blocks } = statSync(path)
  assert.equal(size, bytes.length)
  assert.ok(blocks * 512 < 6 * mebibyte, `${blocks * 512} bytes taken`)
  const kept = 64
  assert.ok(
    readFileSync(path)
      .subarray(committed - kept)
      .equals(bytes.subarray(committed - kept)),
  )
})
