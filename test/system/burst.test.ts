// A million lines in ten seconds, with somebody looking on: nothing is lost, and the hub stays small.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { startHub, until } from '../hub-process.ts'
import { logFileLines } from './log-file-lines.ts'
import { numberOracle } from './number-oracle.ts'
import { printNumbers, readReports } from './print-numbers.ts'

const count = 1_000_000
const memoryLimitMb = 256

test('a million lines in ten seconds: store, log file and follower have all, in 256 MB', async (t) => {
  const hub = await startHub({
    processes: {
      burst: {
        command: printNumbers({ prefix: 'burst', stream: 'stdout', perSecond: 100_000, count, reportFile: 'report' }),
        autostart: false,
        restart: 'never',
      },
    },
    sinks: { logFile: { keep: 1000 } },
  })
  t.after(() => hub.close())
  // The first hub of all compiles its code, which takes 25 MB that no later one needs.
  await hub.end('SIGINT')
  await hub.start()
  const follower = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'follow-numbers.ts'), hub.url, 'source:burst', 'burst', String(count)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  t.after(() => follower.kill('SIGKILL'))
  const followed: string[] = []
  createInterface({ input: follower.stdout }).on('line', (line) => followed.push(line))
  const followerEnds = once(follower, 'close')
  await until('the follower is live', () => followed.includes('ready'))

  const startedAt = performance.now()
  const seconds = (): string => ((performance.now() - startedAt) / 1000).toFixed(1)
  await hub.client.control('burst', 'start')
  await until('all is printed', () => readReports(path.join(hub.directory, 'report')).length === 2, 60_000)
  const printed = seconds()
  await followerEnds
  t.diagnostic(`printed in ${printed} s, stored and followed after ${seconds()} s`)
  // Before anybody searches, which starts a thread of its own.
  const underLoad = hub.memoryMb()
  const exited = await until(
    'the exit',
    async () => (await hub.client.search({ query: 'source:burst kind:event exited' })).records[0],
    60_000,
  )
  const [, report] = readReports(path.join(hub.directory, 'report'))
  assert.deepEqual([report?.printed, report?.errors], [count, []])
  assert.equal(exited.message, 'exited with code 0')
  assert.equal(followed.at(-1), 'complete', 'the follower has every line once and in order')
  assert.ok(underLoad.peak <= memoryLimitMb, `the hub had ${underLoad.peak} MB while it took them`)

  const all = new Map([['burst', count]])
  const [store, file] = [numberOracle('the store'), numberOracle('the log file')]
  for await (const { kind, message, id } of hub.records('source:burst')) {
    assert.notEqual(kind, 'gap', message)
    store.take(message, id)
  }
  store.assertComplete(all)
  const whenRead = hub.memoryMb()
  t.diagnostic(`memory: ${underLoad.peak} MB under load, ${whenRead.peak} MB when all was read again`)
  assert.equal(await hub.end('SIGINT'), 130)
  for await (const line of logFileLines(hub.stateDirectory, 'burst')) file.take(line)
  file.assertComplete(all)
})
