// The promise that a stop leaves nobody behind, and touches nobody else, as one scenario for the system test and for the torture:
// a process whose children get away in every way there is, beside strangers that look like them.
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { isAlive, prepareHub, until, type HubProcess } from '../../hub-process.ts'
import { beginStranger, type Stranger } from './stranger.ts'

export interface EscapePlan {
  /** The process itself is gone before the stop. */
  orphaned: boolean
  /** Nobody keeps its output. */
  silent: boolean
  /** Kills of the hub between the escape and the stop. */
  kills: number
}

const ways = {
  group: (command: string) => `sh -c 'set -m; ${command} & wait'`,
  session: (command: string) => `setsid ${command}`,
  daemon: (command: string) => `setsid sh -c '${command} & exit'`,
}

const fates = ['kept', 'dropped']

/** Each writes its number into a file; with or without our environment, with or without our output. */
const allEscapees = Object.entries(ways).flatMap(([way, escape]) =>
  fates.flatMap((environment) =>
    fates.map((output) => {
      const name = `${way}-environment-${environment}-output-${output}`
      const words = environment === 'kept' ? 'env' : 'env -i PATH="$PATH"'
      const command = `${words} sh -c "echo \\$\\$ > pids/${name}; exec sleep 1000"`
      return { name, output, script: `${escape(command)} ${output === 'kept' ? '' : '> /dev/null 2>&1'} &` }
    }),
  ),
)

/** Returns how many got away and were found. */
export async function surviveEscapes({ orphaned, silent, kills }: EscapePlan): Promise<number> {
  const escapees = allEscapees.filter(({ output }) => !silent || output === 'dropped')
  const script = `${escapees.map((each) => each.script).join('\n')}\nuntil [ -e leave ]; do sleep 0.05; done`
  // The next hub is not to begin another life.
  const hub = prepareHub({ processes: { family: { command: script, restart: 'never', autostart: false } } })
  const strangers = path.join(hub.directory, 'strangers')
  for (const directory of [strangers, path.join(hub.directory, 'pids')]) mkdirSync(directory)
  await hub.start()
  await hub.client.control('family', 'start')
  const started = beginStrangers(hub, strangers)
  let pids = new Map<string, number>()
  try {
    pids = await printedPids(path.join(hub.directory, 'pids'), escapees.length)
    await until('the strangers are up', () => started.every((stranger) => stranger.isUp()))
    const leader = (await hub.client.sources())[0]!.pid!
    if (orphaned) {
      writeFileSync(path.join(hub.directory, 'leave'), '')
      await until('the process itself gone', async () => (await hub.client.sources())[0]!.state === 'exited')
    }
    for (let kill = 0; kill < kills; kill++) {
      await hub.kill()
      await hub.start()
    }
    assert.deepEqual(
      [...pids].filter(([, pid]) => !isAlive(pid)),
      [],
      'all live on',
    )
    if (!orphaned) assert.equal((await hub.client.sources())[0]!.pid, leader)
    await checkTree(hub, pids, orphaned ? undefined : leader)
    await hub.client.control('family', 'stop')
    assert.deepEqual(
      [...pids].filter(([, pid]) => isAlive(pid)).map(([name]) => name),
      [],
      'nobody is left behind',
    )
    assert.ok(!isAlive(leader))
    for (const { name, child, signals } of started) {
      assert.ok(isAlive(child.pid!), `${name} is left alone`)
      assert.equal(signals(), '', `${name} gets no signal`)
    }
    return pids.size
  } finally {
    for (const { child } of started) child.kill('SIGKILL')
    // Without our environment they do not bear the mark of the place either.
    for (const pid of pids.values()) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
    await hub.close()
  }
}

/** Who reads what the process prints; who has a file of the same name; who belongs to another hub. */
function beginStrangers(hub: HubProcess, directory: string): Stranger[] {
  const capture = path.join(hub.stateDirectory, 'capture/family/1.stdout')
  return [
    beginStranger({ directory, name: 'reader', file: { path: capture, mode: 'r' } }),
    beginStranger({ directory, name: 'namesake', file: { path: path.join(directory, '1.stdout'), mode: 'a' } }),
    beginStranger({ directory, name: 'neighbour', environment: { LOGBOOM_RUN: 'of-another-hub' } }),
  ]
}

/** Everybody is shown, and of each whether it got away. */
async function checkTree(hub: HubProcess, pids: Map<string, number>, leader: number | undefined): Promise<void> {
  const processes = await hub.client.processes('family')
  const byPid = new Map(processes.map((view) => [view.pid, view]))
  for (const [name, pid] of pids) {
    const view = byPid.get(pid)
    assert.ok(view, `${name} is shown`)
    assert.equal(view.command, 'sleep 1000')
    assert.ok(view.memoryBytes > 0)
    if (!name.startsWith('group')) assert.equal(view.escaped, true, `${name} is marked`)
  }
  assert.ok(processes.every(({ run }) => run === 1))
  if (leader) assert.equal(byPid.get(leader)?.escaped, undefined)
}

/** By the names of the files that they are written to. */
async function printedPids(directory: string, count: number): Promise<Map<string, number>> {
  return until(`${count} numbers in ${directory}`, () => {
    const names = readdirSync(directory)
    const pids = new Map(names.map((name) => [name, Number(readFileSync(path.join(directory, name), 'utf8'))]))
    return pids.size === count && [...pids.values()].every((pid) => pid > 0) && pids
  })
}
