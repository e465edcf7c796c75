// Damages a store's files, a few bits or the end of one, and holds what the store then gives against what was stored. Knows
// nothing of the format: files are bytes, and the store is asked as everybody asks it.
import assert from 'node:assert/strict'
import path from 'node:path'
import type { Disk } from '../../../src/system/disk.ts'
import { LogboomError } from '../../../src/contracts/errors.ts'
import type { LogRecord } from '../../../src/contracts/record.ts'
import { keepEverything } from '../../../src/contracts/retention.ts'
import type { CursorValue, Store } from '../../../src/contracts/store.ts'
import { runHouseTask } from '../../../src/stores/local/keep/house-task.ts'
import { openLocalStore } from '../../../src/stores/local/open-local-store.ts'
import { collect } from './commit-oracle.ts'
import { capturedAt, openNumberedCommits } from './numbered-commits.ts'
import { seededRandom, type Random } from './seeded-random.ts'
import { openSimulatedDisk } from './simulated-disk.ts'

export interface Original {
  seed: number
  files: ReadonlyMap<string, Uint8Array>
  records: readonly LogRecord[]
  /** As the last commit left them. */
  cursors: ReadonlyMap<string, CursorValue>
  /** Commits made so far. */
  commits: number
}

export interface Damage {
  file: string
  what: 'a bit' | 'some bits' | 'zeros' | 'rubbish' | 'cut off'
}

export interface Outcome extends Damage {
  where: string
  /** Whose records are gone, and how many commits they came in. */
  sources: number
  commits: number
  /** Ids that are gone … */
  lost: number
  /** … of which no gap record tells … */
  untold: number
  /** … and warnings. */
  warnings: number
  /** Why it cannot be opened. */
  refusal?: string
}

const directory = '/store'
const commits = 45

/** On a disk in memory, which is quicker and the same to the store. */
function openOn(disk: Disk, warnings: string[]): Promise<Store> {
  const housekeeper = {
    run: async (task: Parameters<typeof runHouseTask>[1]) => runHouseTask(disk, task),
    close: () => Promise.resolve(),
  }
  const options = {
    directory,
    now: () => capturedAt(commits),
    warn: (message: string) => void warnings.push(message),
    disk,
  }
  return openLocalStore(options, housekeeper)
}

const diskInMemory = (): Disk => openSimulatedDisk(seededRandom(0)).boot(() => undefined)

/** A store with sealed days, one written anew where the seed is odd, and a tail. */
export async function makeOriginal(seed: number): Promise<Original> {
  const simulated = openSimulatedDisk(seededRandom(0))
  const disk = simulated.boot(() => undefined)
  const numbered = openNumberedCommits(seed)
  const store = await openOn(disk, [])
  const random = seededRandom(seed)
  for (let number = 1; number <= commits; number++) {
    const commit = numbered.commit(number, 1, capturedAt(number))
    await store.commit(commit.batches, commit.cursors)
    if (number < commits - 8 && random.chance(0.15)) await store.seal({ all: true })
  }
  if (seed % 2 === 1)
    await store.retain({ rules: { ...keepEverything, sources: [{ pattern: 'web', ageMs: false, bytes: 0 }] } })
  const records = await collect(store, { order: 'oldest' })
  const cursors = new Map(store.cursors())
  await store.close()
  return { seed, files: simulated.files(), records, cursors, commits }
}

/** Damages one file, opens the store, looks, goes on writing, seals, and looks again. Throws what is wrong. */
export async function damage(
  original: Original,
  seed: number,
  wrap = (store: Store): Store => store,
): Promise<Outcome> {
  const random = seededRandom(original.seed, seed)
  const disk = diskInMemory()
  disk.mkdir(directory, { mode: 0o700 })
  const [file] = random.pick(
    [...original.files].flatMap((entry) => Array<typeof entry>(weightOf(entry[1])).fill(entry)),
  )
  const what = random.pick<Damage['what']>(['a bit', 'a bit', 'some bits', 'zeros', 'rubbish', 'cut off'])
  for (const [name, bytes] of original.files) {
    const copy = name === file ? damaged(bytes, what, random) : bytes
    const handle = disk.open(name, 'ax')
    disk.write(handle, copy)
    disk.close(handle)
  }
  const warnings: string[] = []
  const where = `seed ${original.seed}, damage ${seed}, ${what} in ${path.basename(file)}`
  const harmless: Outcome = { file, what, where, sources: 0, commits: 0, lost: 0, untold: 0, warnings: 0 }
  try {
    const store = wrap(await openOn(disk, warnings))
    assert.deepEqual(new Map(store.cursors()), original.cursors, 'cursors')
    assert.ok(store.head() >= original.records.at(-1)!.id, 'ids are given out again')
    const first = await look(store, original.records)
    const after = await goOn(store, original, first.found)
    await store.close()
    const again = wrap(await openOn(disk, warnings))
    const second = await look(again, after)
    assert.deepEqual(missing(first.found, second.found), [], 'lost later')
    await again.close()
    const { lost, untold } = first
    const distinct = (of: (record: LogRecord) => string | undefined): number => new Set(lost.map(of)).size
    const [sources, commits] = [
      distinct(({ source }) => source),
      distinct(({ message }) => / c\d+ /.exec(message)?.[0]),
    ]
    return { ...harmless, sources, commits, lost: lost.length, untold: untold.length, warnings: warnings.length }
  } catch (cause) {
    if (cause instanceof LogboomError) return { ...harmless, refusal: cause.message }
    throw new Error(`${where}: ${String(cause)}\n${warnings.join('\n')}`, { cause })
  }
}

/** Small files are damaged seldom, but they are. */
const weightOf = (bytes: Uint8Array): number => 1 + Math.ceil(bytes.length / 1000)

function damaged(bytes: Uint8Array, what: Damage['what'], random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes)
  const place = (): number => random.between(0, bytes.length - 1)
  const from = place()
  const to = from + random.between(1, 200)
  const flip = (at: number): void => void (copy[at]! ^= 1 << random.between(0, 7))
  if (what === 'cut off') return copy.subarray(0, from)
  if (what === 'a bit') flip(from)
  if (what === 'some bits') for (let count = random.between(2, 20); count > 0; count--) flip(place())
  if (what === 'zeros') copy.fill(0, from, to)
  if (what === 'rubbish') for (let at = from; at < Math.min(to, copy.length); at++) copy[at] = random.between(0, 255)
  return copy
}

/** Every record is one that was stored; says what is missing, and of which no gap record tells. */
async function look(store: Store, stored: readonly LogRecord[]) {
  const all = await collect(store, { order: 'oldest' })
  assert.deepEqual((await collect(store, { order: 'newest' })).reverse(), all, 'newest first')
  const byId = new Map(stored.map((record) => [record.id, record]))
  const gaps = all.filter(({ kind }) => kind === 'gap')
  const found = all.filter(({ kind }) => kind !== 'gap')
  for (const record of found) assert.deepEqual(record, byId.get(record.id), 'a record that was never stored')
  const ofDb = await collect(store, { order: 'oldest', query: 'source:db -kind:gap' })
  assert.deepEqual(
    ofDb,
    found.filter(({ source }) => source === 'db'),
    'with a query',
  )
  const lost = missing(stored, found)
  const isTold = ({ id }: LogRecord): boolean =>
    gaps.some(({ fields }) => id >= Number(fields?.['from']) && id <= Number(fields?.['to']))
  const untold = lost.filter((record) => !isTold(record))
  return { found, lost, untold }
}

/** Commits more, which takes the ids behind what is there, and seals all; returns what must be there now. */
async function goOn(
  store: Store,
  { seed, commits: done }: Original,
  found: readonly LogRecord[],
): Promise<LogRecord[]> {
  const head = store.head()
  assert.ok(head >= (found.at(-1)?.id ?? 0), 'the head')
  const commit = openNumberedCommits(seed).commit(done + 1, 2, capturedAt(done + 1))
  const more = commit.records.map((record, index) => ({ ...record, id: head + 1 + index }))
  await store.commit(commit.batches, commit.cursors)
  await store.seal({ all: true })
  return [...found, ...more]
}

function missing(expected: readonly LogRecord[], found: readonly LogRecord[]): LogRecord[] {
  const there = new Set(found.map(({ id }) => id))
  return expected.filter(({ id }) => !there.has(id))
}
