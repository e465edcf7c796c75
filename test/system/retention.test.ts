// A hub that may keep very little, killed while it seals and removes: what is there is the newest without a hole, and
// `logboom verify` accounts for every line that was ever captured.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import type { VerifyReport } from '../../src/contracts/verify-report.ts'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'
import { printNumbers, readReports } from './print-numbers.ts'

const kills = 3

async function verified(hub: HubProcess): Promise<VerifyReport> {
  const { code, stdout, stderr } = await hub.command('verify', '--json')
  assert.equal(code, 0, stdout.slice(0, 2000) + stderr)
  return JSON.parse(stdout) as VerifyReport
}

const removedOf = ({ runs }: VerifyReport): number => runs.reduce((sum, { removed }) => sum + removed, 0)

test('the account closes while old records go and the hub is killed', async (t) => {
  const hub = prepareHub({
    processes: {
      counter: {
        command: printNumbers({
          prefix: 'counter',
          stream: 'stdout',
          perSecond: 150_000,
          stopFile: 'stop',
          reportFile: 'reports',
        }),
        restart: 'never',
      },
    },
    retention: { size: '1MB' },
  })
  t.after(() => hub.close())
  await hub.start()
  const store = path.join(hub.stateDirectory, 'store')
  // Sealed, written anew or gone: then it has removed something.
  await until('the first removal', () => existsSync(path.join(store, 'removed.frames')), 120_000)
  let removed = removedOf(await verified(hub))
  assert.ok(removed > 0)
  for (let life = 0; life < kills; life++) {
    await hub.kill()
    const report = await verified(hub)
    assert.ok(removedOf(report) >= removed, 'what was removed stays removed')
    removed = removedOf(report)
    await hub.start()
    await sleep(200 + life * 300)
  }
  writeFileSync(path.join(hub.directory, 'stop'), '')
  await until('the exit', async () => (await hub.client.sources())[0]?.state === 'exited', 120_000)
  // What the hubs did not get to read while they were dead is still read now, sealed, and removed.
  const capture = path.join(hub.stateDirectory, 'capture')
  await until(
    'all output read',
    () => readdirSync(capture, { recursive: true }).every((name) => !/\.std(out|err)$/.test(String(name))),
    120_000,
  )
  const { printed } = readReports(path.join(hub.directory, 'reports')).at(-1)!

  // Behind all that is under way: nothing goes while it is read.
  await hub.client.retain()
  let next: number | undefined
  for await (const { message } of hub.records('source:counter kind:system')) {
    const number = Number(/ n=(\d+) /.exec(message)?.[1])
    assert.equal(number, next ?? number, 'no hole')
    next = number + 1
  }
  assert.equal(next, printed)
  const report = await verified(hub)
  const { captured, stored, missing } = report.runs.find(({ source }) => source === 'counter')!
  assert.equal(missing, 0)
  // The events of its start, of its end, and of each hub that took it over.
  assert.equal(captured, printed! + 2 + kills)
  assert.ok(stored < captured)
  assert.equal((await hub.command('store', 'verify')).code, 0)
  assert.match((await hub.command('store', 'info')).stdout, /Kept +30d, at most 1\.0 MB\n/)
  assert.equal(await hub.end('SIGINT'), 130)
  const offline = await hub.command('verify')
  assert.equal(offline.code, 0, offline.stdout)
  assert.match(
    offline.stdout,
    /✓ All of [\d,]+ captured records are accounted for: [\d,]+ stored, [\d,]+ removed by retention\n$/,
  )
  assert.deepEqual(
    readdirSync(store).filter((name) => name.endsWith('.new')),
    [],
  )
})
