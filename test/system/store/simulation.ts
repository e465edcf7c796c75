// A store, its housekeeper and its readers in one process, as if they were threads of their own: each call to the simulated disk
// is a moment at which another of them may go on, the disk may fail, or all of them may die. All by one seed.
import assert from 'node:assert/strict'
import type { Disk } from '../../../src/system/disk.ts'
import { LogboomError } from '../../../src/contracts/errors.ts'
import type { SearchPage, Store, StoreReader } from '../../../src/contracts/store.ts'
import type { LogRecord } from '../../../src/contracts/record.ts'
import { openLocalReader } from '../../../src/stores/local/read/local-reader.ts'
import { openLocalStore } from '../../../src/stores/local/open-local-store.ts'
import type { HouseTask } from '../../../src/stores/local/keep/house-calls.ts'
import { runHouseTask } from '../../../src/stores/local/keep/house-task.ts'
import { keepEverything, type Retention, type RetentionReport } from '../../../src/contracts/retention.ts'
import { readRemovals } from '../../../src/stores/local/removals.ts'
import type { Housekeeper } from '../../../src/stores/local/keep/housekeeper.ts'
import { askSomething, assertAnswers, openCommitOracle, openPageCheck, type Question } from './commit-oracle.ts'
import { openNumberedCommits, type NumberedCommit } from './numbered-commits.ts'
import { seededRandom } from './seeded-random.ts'
import { openSimulatedDisk, ProcessEnded, type Verdict } from './simulated-disk.ts'
import { openTrouble } from './simulated-trouble.ts'

export interface SimulationOptions {
  steps?: number
  /** Puts something between the store and its users, such as a fault that must be found. */
  wrap?(store: Store): Store
  /** The same between the store and its disk. */
  mount?(disk: Disk): Disk
}

/** How often things happened. */
export type Tally = Record<string, number>

type Actor = 'writer' | 'housekeeper' | 'reader'

interface Search {
  /** Whose thread it runs in. */
  actor: Actor
  question: Question
  pages: AsyncIterator<SearchPage>
  take(page: SearchPage): LogRecord[]
  found: LogRecord[]
  isBusy: boolean
}

const directory = '/state/store'
const dayMs = 24 * 3_600_000

/** Throws what went wrong first. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<Tally> {
  const { steps = 150, wrap = (store) => store, mount = (same) => same } = options
  const random = seededRandom(seed)
  const disk = openSimulatedDisk(seededRandom(seed, 1))
  const trouble = openTrouble(random, disk)
  const commits = openNumberedCommits(seed)
  const oracle = openCommitOracle()
  const tally: Tally = {}
  const history: string[] = []
  const clock = { now: Date.parse('2026-11-22T20:00:00Z') }
  let failure: Error | undefined

  let store!: Store
  let reader!: StoreReader
  const jobs: { task: HouseTask; done(report?: RetentionReport): void; fail(error: Error): void }[] = []
  let searches: Search[] = []
  let underWay: { commit: NumberedCommit; errorsBefore: number } | undefined
  let settled: Promise<void> = Promise.resolve()
  let attempt = 1
  /** Refused, while the disk did not let the store take back what was written of them. */
  let unsure: NumberedCommit[] = []

  function note(what: string): void {
    tally[what] = (tally[what] ?? 0) + 1
    history.push(what)
  }
  function fail(error: unknown): void {
    failure ??= error as Error
  }

  // The disk's calls, and what happens between them.

  const onStack = new Set<Actor>()

  function verdict(actor: Actor, call: keyof Disk): Verdict {
    if (trouble.isDead()) throw new ProcessEnded('dead')
    if (trouble.endsIn()) {
      note(`ended in ${call} of the ${actor}`)
      return 'crash'
    }
    if (random.chance(0.1) && !onStack.has(actor)) {
      onStack.add(actor)
      letAnotherGoOn()
      onStack.delete(actor)
      if (trouble.isDead()) throw new ProcessEnded('dead')
    }
    if (!trouble.failsIn(call, { isOfWriter: actor === 'writer' })) return undefined
    note(`EIO from ${call}`)
    return 'EIO'
  }

  function letAnotherGoOn(): void {
    const others: (() => void)[] = []
    if (!onStack.has('writer') && !underWay) others.push(commit)
    if (!onStack.has('housekeeper') && jobs.length > 0) others.push(seal)
    const idle = searches.filter(({ actor, isBusy }) => !isBusy && !onStack.has(actor))
    if (idle.length > 0) others.push(() => goOn(random.pick(idle)))
    if (others.length > 0) random.pick(others)()
  }

  const boot = (actor: Actor): Disk => mount(disk.boot((call) => verdict(actor, call)))

  // The threads.

  function commit(): void {
    const next = commits.commit(oracle.last() + 1, attempt, clock.now)
    underWay = { commit: next, errorsBefore: trouble.errors() }
    settled = settle(next, store.commit(next.batches, next.cursors)).catch(fail)
  }

  async function settle(commit: NumberedCommit, done: Promise<void>): Promise<void> {
    try {
      await done
    } catch (error) {
      return trouble.isDead() ? undefined : refused(commit, error)
    }
    note('commit')
    oracle.acknowledge(commit)
    underWay = undefined
    unsure = []
    attempt = 1
  }

  function refused(commit: NumberedCommit, error: unknown): void {
    const errorsMeanwhile = trouble.errors() - underWay!.errorsBefore
    underWay = undefined
    attempt++
    const code = error instanceof LogboomError ? error.code : undefined
    note(`refused: ${code}`)
    const expected = [...(trouble.isFull() ? ['disk-full'] : []), ...(errorsMeanwhile > 0 ? ['store-unwritable'] : [])]
    if (!code || !expected.includes(code)) throw new Error(`refused, expected one of [${expected}]`, { cause: error })
    assert.equal(store.head(), oracle.head(), 'a refused commit changes nothing')
    if (trouble.couldTidy()) unsure = []
    else unsure.push(commit)
  }

  function seal(): void {
    const job = jobs.shift()!
    if (job.task.name === 'retain') oracle.allowToMiss(tooOld(job.task.rules, job.task.now))
    try {
      const report = runHouseTask(houseDisk, job.task)
      note(`done: ${job.task.name}`)
      job.done(report)
    } catch (error) {
      job.fail(error as Error)
    }
  }

  function beginSearch(): void {
    const question = askSomething(random, store.head())
    const actor = random.pick<Actor>(['writer', 'reader'])
    const pages = (actor === 'writer' ? store : reader).search(question.request)[Symbol.asyncIterator]()
    searches.push({ actor, question, pages, take: openPageCheck(question.request), found: [], isBusy: false })
  }

  function goOn(search: Search): void {
    const leave = random.chance(0.05)
    search.isBusy = true
    const end = (): void => void (searches = searches.filter((each) => each !== search))
    const next = leave ? search.pages.return!() : search.pages.next()
    next
      .then(({ done, value }) => {
        search.isBusy = false
        if (trouble.isDead() || !searches.includes(search)) return
        if (!done) return void search.found.push(...search.take(value as SearchPage))
        end()
        if (leave) return
        note('search')
        assertAnswers(search.found, search.question, oracle.records(), oracle.mayMiss)
      })
      .catch((error: unknown) => {
        if (trouble.isDead() || !searches.includes(search)) return
        end()
        fail(new Error(`a search failed: ${JSON.stringify(search.question.request)}`, { cause: error }))
      })
  }

  // Lives of the process.

  let houseDisk: Disk
  /** What an earlier one still says is not heard. */
  let lives = 0

  async function open(): Promise<void> {
    const mine = ++lives
    const warn = (message: string): void => {
      if (trouble.isDead() || mine !== lives) return
      note(message.replace(/'.*|\S+\/\S+|\d+/g, '…'))
      if (!/^(Sealing|Tidying) .* failed: .*(EIO|ENOSPC|disk)/.test(message)) fail(new Error(`a warning: ${message}`))
    }
    const housekeeper: Housekeeper = {
      run: (task, signal) =>
        new Promise((resolve, reject) => {
          const job = { task, done: resolve, fail: reject }
          jobs.push(job)
          signal?.addEventListener('abort', () => {
            const at = jobs.indexOf(job)
            if (at >= 0) jobs.splice(at, 1)
            reject(new Error('given up'))
          })
        }),
      close: () => Promise.resolve(),
    }
    houseDisk = boot('housekeeper')
    const common = { directory, now: () => clock.now, warn }
    try {
      store = wrap(await openLocalStore({ ...common, disk: boot('writer') }, housekeeper))
    } catch (error) {
      lives++
      throw error
    }
    reader = openLocalReader({ ...common, disk: boot('reader') })
  }

  /** What was under way may have come through or not; all else must be there. */
  async function restart(): Promise<void> {
    await settled
    const possible = [...unsure, ...(underWay ? [underWay.commit] : [])]
    for (;;) {
      lives++
      note(trouble.bury())
      ;[searches, unsure, underWay, attempt] = [[], [], undefined, attempt + 1]
      jobs.length = 0
      onStack.clear()
      if (random.chance(0.2)) trouble.dieSoon(30)
      const errorsBefore = trouble.errors()
      try {
        await open()
        await forgetRemoved()
        await oracle.recover(store, possible)
        return
      } catch (error) {
        if (trouble.isDead()) continue
        if (!(trouble.isFull() || trouble.errors() > errorsBefore) || !(error instanceof LogboomError)) throw error
        note(`open refused: ${error.code}`)
        trouble.heal()
      }
    }
  }

  async function close(): Promise<void> {
    searches = []
    let closed = false
    const closing = store.close().then(() => (closed = true))
    closing.catch((error: unknown) => trouble.isDead() || fail(error))
    while (!closed && !trouble.isDead() && !failure) {
      if (jobs.length > 0) seal()
      await breathe()
    }
  }

  /** While nobody searches, who would have to know what he may still find. */
  async function retain(): Promise<void> {
    searches = []
    const rules = random.pick<() => Partial<Retention>>([
      () => ({ ageMs: random.pick([0, 1, 5]) * dayMs }),
      () => ({ bytes: random.between(0, disk.usedBytes()) }),
      () => ({ sources: [{ pattern: random.pick(['api', 'd*']), ageMs: dayMs, bytes: random.pick([0, false]) }] }),
    ])()
    let done = false
    const end = (): void => void (done = true)
    store
      .retain({ rules: { ...keepEverything, ...rules } })
      .catch(sealRefused)
      .then(end, fail)
    while (!done && !trouble.isDead() && !failure) {
      if (jobs.length > 0) seal()
      await breathe()
    }
    if (!trouble.isDead()) await forgetRemoved()
  }

  /** What is written down as removed and is not there, either. */
  async function forgetRemoved(): Promise<void> {
    const { removal } = readRemovals(
      disk.boot(() => undefined),
      directory,
    )
    if (removal.runs.length === 0) return
    const there = new Set<number>()
    for await (const { batches } of store.search({}))
      for (const { id } of batches) for (const each of id) there.add(each)
    oracle.forget(
      ({ id, source, run, seq }) =>
        !there.has(id) &&
        removal.runs.some(
          (each) =>
            each.source === source && each.run === run && each.seqs.some(([from, to]) => from <= seq && seq <= to),
        ),
    )
  }

  const moves: [weight: number, name: string, run: () => void | Promise<void>][] = [
    [40, 'commit', () => void (underWay || commit())],
    [10, 'begin a search', beginSearch],
    [20, 'search on', () => void (searches.length > 0 && goOn(random.pick(searches)))],
    [8, 'seal all', () => void store.seal({ all: true }).catch(sealRefused)],
    [3, 'seal', () => void store.seal().catch(sealRefused)],
    [2, 'retain', retain],
    [2, 'retain beside searches', retainBesideSearches],
    [12, 'let the housekeeper work', () => void (jobs.length > 0 && seal())],
    [2, 'check', () => oracle.check(store)],
    [4, 'die soon', () => trouble.dieSoon(200)],
    [1, 'die', trouble.die],
    [3, 'clock', () => void (clock.now += random.pick([1000, dayMs / 2, dayMs, -dayMs, -3 * dayMs, 30 * dayMs]))],
    [2, 'full', trouble.fillUp],
    [2, 'errors', trouble.failSoon],
    [6, 'heal', () => trouble.heal()],
    [
      1,
      'close and open',
      async () => {
        await close()
        if (!trouble.isDead()) await restart()
      },
    ],
  ]

  /** Age decides, of all or of one source, so that it is known in advance what may go. */
  function retainBesideSearches(): void {
    const ageMs = dayMs * random.pick([1, 10, 40])
    const rules = random.pick<Retention>([
      { ...keepEverything, ageMs },
      { ...keepEverything, sources: [{ pattern: 'db', ageMs }] },
    ])
    store.retain({ rules }).then(({ records }) => records > 0 && note('retained'), sealRefused)
  }

  function sealRefused(error: unknown): void {
    if (trouble.isDead()) return
    if (!(error instanceof LogboomError) || !['disk-full', 'store-unwritable'].includes(error.code)) fail(error)
  }

  async function step(): Promise<void> {
    const total = moves.reduce((sum, [weight]) => sum + weight, 0)
    let at = random() * total
    const [, name, run] = moves.find(([weight]) => (at -= weight) < 0)!
    history.push(`· ${name}`)
    try {
      await run()
    } catch (error) {
      if (!trouble.isDead()) throw error
    }
    await breathe()
    if (trouble.isDead()) await restart()
    if (failure) throw failure
  }

  try {
    disk.boot(() => undefined).mkdir('/state', { mode: 0o700 })
    disk.boot(() => undefined).syncDirectory('/')
    await open()
    for (let i = 0; i < steps; i++) await step()
    trouble.heal({ forGood: true })
    await settled
    await oracle.check(store)
    await close()
    if (failure) throw failure
  } catch (cause) {
    const last = history.slice(-25).join('\n')
    throw new Error(`seed ${seed} failed; its last steps:\n${last}\nand then: ${(cause as Error).message}`, { cause })
  }
  return tally
}

const tooOld =
  ({ ageMs, sources }: Retention, now: number) =>
  ({ source, observed }: LogRecord): boolean =>
    observed < now - Number(sources.find(({ pattern }) => pattern === source)?.ageMs ?? (ageMs || Infinity))

/** Until everything that waits for nothing outside of this process is done. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
