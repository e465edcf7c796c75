import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStorage } from '../../storage/open-storage.ts'
import { showOutput } from './show-output.ts'

const count = 300_000
const session = 'session'

/** As a console does that takes nothing. */
function stall(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

test('a command faster than its console has every line shown once and in order', async () => {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'logboom-show-'))
  const path = join(stateDirectory, 'lines')
  const lines = Array.from({ length: count }, (_, i) => `${'.'.repeat(60)} ${i}`)
  await writeFile(path, lines.join('\n') + '\n')
  const storage = await openStorage({
    stateDirectory,
    session,
    store: 'local',
    stages: {},
    sinks: {},
    serviceNames: {},
    warn: assert.fail,
    fail: assert.fail,
  })
  try {
    let next = 0
    const shown = await showOutput(storage, { session, source: 'job' }, ({ message }) => {
      assert.equal(message, lines[next])
      if (next++ % 50_000 === 0) stall(200)
    })
    const tail = await storage.ofSource('job').tail({ run: 1, pid: 1, stream: 'stdout', path, capture: false })
    stall(500)
    await tail.drain()
    await shown.caughtUp()
    assert.equal(next, count)
    shown.close()
    await tail.close()
  } finally {
    await storage.close()
    await rm(stateDirectory, { recursive: true })
  }
})
