// `npm run torture [minutes] [part …]`: what the tests do with a few seeds and moments, over and over with others. Goes through
// the parts in turn, by default all of them, and ends with code 1 at the first fault, which is printed with its seed.
import { evenly } from '../system/store/seeded-random.ts'
import { findCallFaults, meetCallFault } from '../system/store/call-faults.ts'
import { losePower, recordStore } from '../system/store/power-loss.ts'
import { simulate } from '../system/store/simulation.ts'
import { surviveStoreKills } from '../system/store/store-kills.ts'
import { readManyFiles } from '../system/read-many-files.ts'
import { surviveRotation } from '../system/survive-rotation.ts'
import { killHubs } from './hub-kills.ts'

const randomSeed = (): number => Math.floor(Math.random() * 2 ** 31)

async function simulateMany(): Promise<string> {
  const first = randomSeed()
  for (let seed = first; seed < first + 200; seed++) await simulate(seed, { steps: 300 })
  return `200 seeds from ${first}`
}

async function killStores(): Promise<string> {
  return `50 kills, ${await surviveStoreKills(randomSeed(), 50)} commits`
}

/** Some of them in each round, until all have been met. */
async function failCalls(round: number): Promise<string> {
  const rounds = 20
  const all = await findCallFaults()
  const some = all.filter((_, index) => index % rounds === round % rounds)
  for (const fault of some) await meetCallFault(fault)
  return `${some.length} of ${all.length} calls`
}

async function losePowerOften(): Promise<string> {
  const recording = await recordStore(randomSeed(), 60)
  const cuts = evenly(recording.calls.length, 500)
  for (const cut of cuts) await losePower(recording, cut, randomSeed())
  return `${cuts.length} losses of power`
}

async function rotateFiles(round: number): Promise<string> {
  if (round % 10 === 9) {
    await readManyFiles({ files: 10_000, handles: 1024 })
    return '10,000 files'
  }
  const how = round % 2 === 0 ? 'rename' : 'copytruncate'
  const lifeMs = how === 'rename' ? Array.from({ length: 10 }, () => Math.random() * 1500) : []
  const plan = { how, perSecond: 100_000, count: 2_000_000, rotateLines: 20_000, keep: 100, lifeMs } as const
  const { rotations, kills, gaps } = await surviveRotation(plan)
  return `${rotations} rotations (${how}), ${kills} kills, ${gaps} gaps`
}

/** Each says what it has done. */
const parts: Record<string, (round: number) => Promise<string>> = {
  hub: killHubs,
  files: rotateFiles,
  simulation: simulateMany,
  kills: killStores,
  calls: failCalls,
  power: losePowerOften,
}

const [time = '10', ...wanted] = process.argv.slice(2)
const names = wanted.length > 0 ? wanted : Object.keys(parts)
const minutes = Number(time)
if (!(minutes > 0) || names.some((name) => !(name in parts))) {
  console.error(`usage: npm run torture [minutes] [${Object.keys(parts).join('|')} …]`)
  process.exit(2)
}

const endAt = Date.now() + minutes * 60_000
for (let turn = 0; Date.now() < endAt; turn++) {
  const name = names[turn % names.length]!
  const round = Math.floor(turn / names.length)
  try {
    console.log(`${name} ${round + 1}: ${await parts[name]!(round)}`)
  } catch (error) {
    console.error(`${name} ${round + 1} failed`)
    console.error(error)
    process.exitCode = 1
    break
  }
}
console.log(process.exitCode ? 'A fault was found' : 'Nothing lost, nothing twice')
