// `npm run torture [minutes] [part …] [-- --seed N]`: what the tests do with a few seeds and moments, over and over with others.
// Goes through the parts in turn, by default all of them, and ends with code 1 at the first fault, which is printed with its
// seed. A seed that is given is the first one of every round: a simulation that failed fails again at once.
import { parseArgs } from 'node:util'
import { damage, makeOriginal } from '../system/store/damage.ts'
import { cutAt, flipAt, followIntoStore, removeTail } from '../system/store/lose-frames.ts'
import { askForged } from '../system/store/odd-blocks.ts'
import { evenly, seededRandom } from '../system/store/seeded-random.ts'
import { findCallFaults, meetCallFault } from '../system/store/call-faults.ts'
import { losePower, recordStore } from '../system/store/power-loss.ts'
import { simulate } from '../system/store/simulation.ts'
import { surviveStoreKills } from '../system/store/store-kills.ts'
import { simulateFiles } from '../system/file-simulation.ts'
import { readManyFiles } from '../system/read-many-files.ts'
import { surviveResume } from '../system/survive-resume.ts'
import { surviveSyslogKills } from '../system/survive-syslog-kills.ts'
import { surviveRotation, type RotationPlan } from '../system/survive-rotation.ts'
import { setClocks } from './clocks.ts'
import { tortureContainers } from './containers.ts'
import { soakFollowers } from './followers.ts'
import { strikeAgents } from './agents.ts'
import { killHubs } from './hub-kills.ts'
import { changeLogFiles } from './log-files.ts'
import { damageState } from './state.ts'
import { superviseFaults } from './supervise.ts'

/** The seed of a round, for what has one; moments of real processes are random all the same. */
type Part = (round: number, seed: number) => Promise<string>

async function simulateMany(_round: number, first: number): Promise<string> {
  for (let seed = first; seed < first + 200; seed++) await simulate(seed, { steps: 300 })
  return `200 seeds from ${first}`
}

async function killStores(_round: number, seed: number): Promise<string> {
  return `50 kills, ${await surviveStoreKills(seed, 50)} commits`
}

/** Some of them in each round, until all have been met. */
async function failCalls(round: number): Promise<string> {
  const rounds = 20
  const all = await findCallFaults()
  const some = all.filter((_, index) => index % rounds === round % rounds)
  for (const fault of some) await meetCallFault(fault)
  return `${some.length} of ${all.length} calls`
}

async function losePowerOften(_round: number, seed: number): Promise<string> {
  const recording = await recordStore(seed, 60)
  const cuts = evenly(recording.calls.length, 500)
  for (const cut of cuts) await losePower(recording, cut, seed)
  return `${cuts.length} losses of power`
}

async function simulateManyFiles(_round: number, first: number): Promise<string> {
  for (let seed = first; seed < first + 200; seed++) await simulateFiles(seed, { steps: 150 })
  return `200 seeds from ${first}`
}

async function rotateFiles(round: number): Promise<string> {
  if (round % 10 === 9) {
    await readManyFiles({ files: 10_000, handles: 1024 })
    return '10,000 files'
  }
  const how = round % 2 === 0 ? 'rename' : 'copytruncate'
  const livesOf = (kills: number): number[] => Array.from({ length: kills }, () => Math.random() * 1000)
  // Now rotated as often as may be, now killed.
  const plan: RotationPlan =
    round % 4 < 2
      ? { how, perSecond: 100_000, count: 1_000_000, rotateLines: 1000, lifeMs: livesOf(8) }
      : { how, perSecond: 30_000, count: 1_500_000, rotateLines: 3000, lifeMs: livesOf(40) }
  // Every other time numbered names are handed on.
  if (round % 8 > 3) Object.assign(plan, { rotateLines: 10_000, keep: 200 })
  const { rotations, kills, gaps } = await surviveRotation(plan)
  return `${rotations} rotations (${how}), ${kills} kills, ${gaps} gaps`
}

async function killUnderSyslog(): Promise<string> {
  const livesMs = Array.from({ length: 10 }, () => Math.random() * 1000)
  const { sent, stored } = await surviveSyslogKills({ livesMs, connections: 10 })
  return `10 kills, ${stored} of ${sent} messages were stored, the first of each connection`
}

async function resumeMany(): Promise<string> {
  const { slowestMs } = await surviveResume({ clients: 200, kills: 3, withinMs: 10_000 })
  return `200 clients over 3 kills, all back within ${Math.round(slowestMs)} ms`
}

/** Rubbish in blocks of all mixes. */
async function readOddBlocks(_round: number, first: number): Promise<string> {
  for (let seed = first; seed < first + 200; seed++) await askForged(seed)
  return `200 stores from seed ${first}`
}

async function damageStores(_round: number, seed: number): Promise<string> {
  const original = await makeOriginal(seed)
  for (let number = 1; number <= 100; number++) await damage(original, number)
  return '100 stores damaged, cursors and ids as they were'
}

/** A hub whose newest tail loses something, at other places every time. */
async function loseFrames(_round: number, seed: number): Promise<string> {
  const { hub, frames, survive } = await followIntoStore()
  try {
    const random = seededRandom(seed)
    const end = frames.at(-1)!.offset + frames.at(-1)!.bytes
    await survive('nothing', () => undefined)
    await survive('the file', removeTail)
    for (const { offset, bytes } of frames)
      await survive(`a byte at ${offset}`, flipAt(offset + random.between(0, bytes - 8)))
    for (let cut = 0; cut < end; cut += random.between(1, end / 3)) await survive(`all from ${cut} on`, cutAt(cut))
    return `${frames.length} frames, each lost once, and the end`
  } finally {
    await hub.close()
  }
}

/** Each says what it has done. */
const parts: Record<string, Part> = {
  hub: killHubs,
  agents: strikeAgents,
  supervise: superviseFaults,
  state: damageState,
  clock: setClocks,
  files: rotateFiles,
  logs: changeLogFiles,
  looks: simulateManyFiles,
  syslog: killUnderSyslog,
  simulation: simulateMany,
  kills: killStores,
  calls: failCalls,
  power: losePowerOften,
  resume: resumeMany,
  followers: () => soakFollowers(minutes / names.length),
  damage: damageStores,
  frames: loseFrames,
  blocks: readOddBlocks,
  containers: tortureContainers,
}

const { values, positionals } = parseArgs({ options: { seed: { type: 'string' } }, allowPositionals: true })
const [time = '10', ...wanted] = positionals
const names = wanted.length > 0 ? wanted : Object.keys(parts)
const minutes = Number(time)
if (!(minutes > 0) || names.some((name) => !(name in parts))) {
  console.error(`usage: npm run torture [minutes] [${Object.keys(parts).join('|')} …] [-- --seed N]`)
  process.exit(2)
}

const endAt = Date.now() + minutes * 60_000
for (let turn = 0; Date.now() < endAt; turn++) {
  const name = names[turn % names.length]!
  const round = Math.floor(turn / names.length)
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
  try {
    console.log(`${name} ${round + 1}: ${await parts[name]!(round, seed)}`)
  } catch (error) {
    console.error(`${name} ${round + 1} failed, seed ${seed}`)
    console.error(error)
    process.exitCode = 1
    break
  }
}
console.log(process.exitCode ? 'A fault was found' : 'Nothing lost, nothing twice')
