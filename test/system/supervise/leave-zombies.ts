// The scenario of zombies.test.ts, which runs this as a program in a PID namespace where nobody collects orphans.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { isAlive, startHub, until, type HubProcess } from '../../hub-process.ts'

const count = 20

/** Its children end at once, and it never asks how. */
const careless = `
import os, signal
for _ in range(${count}):
    if os.fork() == 0:
        if os.fork() == 0: os._exit(0)
        os._exit(1)
print('childless', flush=True)
signal.pause()`

const zombies = (): number =>
  readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && /^State:\s+Z/m.test(read(`/proc/${pid}/status`))).length

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

async function eventsOf(hub: HubProcess, source: string): Promise<unknown[]> {
  const events: unknown[] = []
  for await (const { fields } of hub.records(`source:${source} kind:event`)) events.push(fields?.['event'])
  return events
}

const hub = await startHub({
  processes: {
    careless: { command: ['python3', '-c', careless], restart: 'never' },
    brief: { command: 'until [ -e go ]; do sleep 0.02; done; exit 3', restart: 'never' },
  },
})
try {
  await until('all zombies', () => zombies() >= 2 * count)
  const pids = (await hub.client.sources()).map(({ pid }) => pid!)
  await hub.kill()
  await hub.start()
  assert.deepEqual(
    (await hub.client.sources()).map(({ pid, adopted }) => ({ pid, adopted })),
    pids.map((pid) => ({ pid, adopted: true })),
  )

  writeFileSync(path.join(hub.directory, 'go'), '')
  const brief = await until('brief has ended', async () => {
    const view = (await hub.client.sources()).find(({ name }) => name === 'brief')!
    return view.state === 'crashed' && view
  })
  assert.deepEqual([brief.exit?.known, brief.exit?.code], [true, 3], 'its zombie tells how it ended')

  await hub.client.control('careless', 'stop')
  assert.equal(isAlive(pids[0]!), false)
  assert.ok(zombies() > 2 * count, 'they are still there')
  await until('the exit', async () => (await eventsOf(hub, 'careless')).includes('exited'))
  assert.deepEqual(await eventsOf(hub, 'careless'), ['started', 'adopted', 'stopping', 'exited'])
  assert.equal(await hub.end('SIGINT'), 130)
  console.log('nobody waited for the dead')
} finally {
  await hub.close()
}
