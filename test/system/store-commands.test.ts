// The commands that look after what is stored, beside a hub and without one, on a store that is sound and on one that is not.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { startHub, until } from '../hub-process.ts'

test('verify, repair and retain from the command line', async (t) => {
  const hub = await startHub({
    processes: { api: { command: 'for i in $(seq 1 200); do echo line $i; done; exec sleep 1000' } },
  })
  t.after(() => hub.close())
  await until('all lines', async () => (await hub.client.search({ query: '"line 200"' })).records.length === 1)

  const beside = await hub.command('store', 'verify')
  assert.equal(beside.code, 0, beside.stdout)
  assert.match(beside.stdout, /^✓ 1 file, \d+ records, [\d.]+ kB: all as it was written, nothing is missing\n$/)
  const refused = await hub.command('store', 'repair')
  assert.deepEqual([refused.code, refused.stdout], [1, ''])
  assert.match(refused.stderr, /^logboom: A hub is already running here\n/)
  const dry = await hub.command('store', 'retain', '--age', '1d', '--dry-run')
  assert.deepEqual([dry.code, dry.stdout], [0, 'Nothing would be removed\n'])
  const wrong = await hub.command('store', 'retain', '--source', 'api')
  assert.deepEqual([wrong.code, wrong.stderr], [2, 'logboom: --source alone says nothing\n  Add --age or --size.\n'])
  assert.equal(await hub.end('SIGINT'), 130)

  const store = path.join(hub.stateDirectory, 'store')
  const tail = path.join(
    store,
    readdirSync(store).find((name) => name.startsWith('tail-'))!,
  )
  const bytes = readFileSync(tail)
  bytes[bytes.indexOf('line 100')]! ^= 1
  writeFileSync(tail, bytes)
  const damaged = await hub.command('store', 'verify')
  assert.equal(damaged.code, 1)
  assert.match(damaged.stdout, /✗ tail-\d+\.frames: \d+ bytes at \d+ are damaged\n/)
  assert.match(damaged.stdout, /✗ api, run 1: missing: \d+/)
  assert.match(damaged.stdout, /things are wrong; logboom store repair puts aside what cannot be read\n$/)
  const account = await hub.command('verify')
  assert.equal(account.code, 1)
  assert.match(account.stdout, /\n✗ Not all of \d+ captured records are accounted for: \d+ stored, \d+ missing\n$/)

  const repaired = await hub.command('store', 'repair')
  assert.equal(repaired.code, 0, repaired.stderr)
  assert.match(
    repaired.stdout,
    /^tail-\d+\.frames: sealed without \d+ damaged bytes\n[^]*What cannot be read is kept:\n +\S+\n$/,
  )
  assert.ok(existsSync(path.join(store, 'damaged')))
  const again = await hub.command('store', 'repair')
  assert.deepEqual([again.code, again.stdout], [0, 'Nothing is damaged\n'])
  const { problems } = JSON.parse((await hub.command('store', 'verify', '--json')).stdout) as { problems: unknown[] }
  assert.deepEqual(problems, [])
  // What was lost is lost, but it is told of in its place.
  const { stdout } = await hub.command('logs', '--all', 'kind:gap')
  assert.match(stdout, /\d+ records? lost: tail-\d+\.frames is damaged there|\d+ records? lost: day-/)

  const removed = await hub.command('store', 'retain', '--size', '0')
  assert.match(
    removed.stdout,
    /^SOURCE +RECORDS +ON DISK\n[^]*\nRemoved \d+ records \([^)]+\) captured \d{4}-\d\d-\d\d\n$/,
  )
  assert.match((await hub.command('store', 'info')).stdout, /^Store +\S+\nRecords +0 of \d+\n/)
  await hub.start()
  assert.equal((await hub.command('store', 'verify')).code, 1, 'what is missing stays missing')
})
