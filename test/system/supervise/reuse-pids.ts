// The scenario of pid-reuse.test.ts, which runs this as a program in a PID namespace of its own: there it may say which number
// the next process gets.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { isAlive, startHub, until, type HubProcess } from '../../hub-process.ts'
import { beginStranger, type Stranger } from './stranger.ts'

const isFree = (pid: number): boolean => !existsSync(`/proc/${pid}`)

/** Gives the number of a process that is dead to a stranger, who leads a session of the same number. */
async function giveAway(pid: number, directory: string, name: string): Promise<Stranger> {
  await until(`${pid} is free`, () => isFree(pid))
  for (let tries = 0; tries < 1000; tries++) {
    writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1))
    const stranger = beginStranger({ directory, name })
    if (stranger.child.pid === pid) {
      await until('the stranger is up', () => stranger.isUp())
      return stranger
    }
    stranger.child.kill('SIGKILL')
  }
  throw new Error(`nobody got number ${pid}`)
}

function assertUntouched({ name, child, signals }: Stranger): void {
  assert.ok(isAlive(child.pid!), `the stranger lives: ${name}`)
  assert.equal(signals(), '', `the stranger got no signal: ${name}`)
}

async function pidOf(hub: HubProcess, name: string): Promise<number> {
  return until(`${name} runs`, async () => (await hub.client.sources()).find((source) => source.name === name)?.pid)
}

async function printedPid(hub: HubProcess, file: string): Promise<number> {
  const full = path.join(hub.directory, file)
  return until(`a number in ${file}`, () => existsSync(full) && Number(readFileSync(full, 'utf8')))
}

const forever = 'exec sleep 1000'
const away = (file: string): string => `setsid sh -c 'echo $$ > ${file}; ${forever}' &`

const hub = await startHub({
  processes: {
    victim: { command: forever, restart: 'on-failure' },
    boss: { command: `${away('servant')} until [ -e leave ]; do sleep 0.02; done`, restart: 'never' },
    keeper: { command: `${away('kept')} ${forever}`, restart: 'never' },
  },
})
try {
  const [victim, boss, keeper] = [await pidOf(hub, 'victim'), await pidOf(hub, 'boss'), await pidOf(hub, 'keeper')]
  const [servant, kept] = [await printedPid(hub, 'servant'), await printedPid(hub, 'kept')]

  // Whom the next hub would adopt.
  await hub.kill()
  process.kill(victim, 'SIGKILL')
  const first = await giveAway(victim, hub.directory, 'instead of who would be adopted')
  await hub.start()
  const next = await until('another run', async () => {
    const { pid, run } = (await hub.client.sources()).find(({ name }) => name === 'victim')!
    return run === 2 && pid
  })
  assert.notEqual(next, victim)
  const said: string[] = []
  for await (const { message } of hub.records('source:victim kind:event')) said.push(message)
  assert.deepEqual(said.slice(0, 2), [`started (PID ${victim})`, 'exited, exit code unknown (no hub was looking)'])

  // An adopted process that is gone, as is its hub's knowledge of it, when the stop comes.
  process.kill(keeper, 'SIGKILL')
  const second = await giveAway(keeper, hub.directory, 'instead of who was adopted')

  // Who led a run of which somebody is left; and who is left of another.
  writeFileSync(path.join(hub.directory, 'leave'), '')
  const third = await giveAway(boss, hub.directory, 'instead of who led the run')
  process.kill(kept, 'SIGKILL')
  const fourth = await giveAway(kept, hub.directory, 'instead of who was left of the run')

  for (const name of ['victim', 'boss', 'keeper']) await hub.client.control(name, 'stop')
  assert.deepEqual([next, servant].filter(isAlive), [], 'who belongs to a run is ended')
  for (const stranger of [first, second, third, fourth]) assertUntouched(stranger)

  // And when everything ends.
  assert.equal(await hub.end('SIGINT'), 130)
  for (const stranger of [first, second, third, fourth]) {
    assertUntouched(stranger)
    stranger.child.kill('SIGKILL')
  }
  console.log('untouched')
} finally {
  await hub.close()
}
