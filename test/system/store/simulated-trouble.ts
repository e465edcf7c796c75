// What befalls the processes of a simulation and their disk: death at some call, calls that fail, no space.
import type { Disk } from '../../../src/system/disk.ts'
import type { Random } from './seeded-random.ts'
import type { SimulatedDisk } from './simulated-disk.ts'

export interface Trouble {
  isDead(): boolean
  isFull(): boolean
  /** Calls that failed so far. */
  errors(): number
  /** The last change that the writer made to the disk succeeded: when it fails, it tidies up last. */
  couldTidy(): boolean
  /** At one of the next calls, at most so many from now. */
  dieSoon(within: number): void
  die(): void
  /** Brings about the end of a life and returns how it was. */
  bury(): 'kill' | 'power'
  /** Some kinds of calls, for a while. */
  failSoon(): void
  fillUp(): void
  /** `forGood`: nobody is to die, either. */
  heal(options?: { forGood?: boolean }): void
  /** Asked at each call: does it end the process? */
  endsIn(): boolean
  /** … and if not, does it fail? */
  failsIn(call: keyof Disk, options: { isOfWriter: boolean }): boolean
}

/** Calls that change a file, which is where a disk in trouble says so. */
const changing: readonly (keyof Disk)[] = [
  'write',
  'writev',
  'pwrite',
  'fdatasync',
  'fsync',
  'ftruncate',
  'rename',
  'unlink',
  'syncDirectory',
]
const syncs: readonly (keyof Disk)[] = ['fdatasync', 'fsync']

export function openTrouble(random: Random, disk: SimulatedDisk): Trouble {
  let death: { in: number; kind: 'kill' | 'power' } | undefined
  let isDead = false
  let isFull = false
  let failing: { calls: readonly (keyof Disk)[]; left: number } = { calls: [], left: 0 }
  let errors = 0
  let couldTidy = true

  return {
    isDead: () => isDead,
    isFull: () => isFull,
    errors: () => errors,
    couldTidy: () => couldTidy,
    dieSoon(within) {
      death = { in: random.between(0, within), kind: random.pick(['kill', 'power', 'power']) }
    },
    die() {
      death ??= { in: 0, kind: random.pick(['kill', 'power']) }
      isDead = true
    },
    bury() {
      const kind = death?.kind ?? 'kill'
      disk.crash(kind)
      death = undefined
      isDead = false
      return kind
    },
    failSoon() {
      const calls = random.chance(0.5) ? syncs : changing.filter(() => random.chance(0.5))
      failing = { calls, left: random.between(1, 6) }
    },
    fillUp() {
      isFull = true
      disk.setCapacity(disk.usedBytes() + random.between(0, 3000))
    },
    heal({ forGood = false }: { forGood?: boolean } = {}) {
      disk.setCapacity(Infinity)
      isFull = false
      failing.left = 0
      if (forGood) death = undefined
    },
    endsIn() {
      if (death && death.in-- <= 0) isDead = true
      return isDead
    },
    failsIn(call, { isOfWriter }) {
      const fails = failing.left > 0 && failing.calls.includes(call) && random.chance(0.5)
      if (isOfWriter && changing.includes(call)) couldTidy = !fails
      if (!fails) return false
      failing.left--
      errors++
      return true
    },
  }
}
