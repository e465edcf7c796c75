// A hub that follows a log, with its looks, reads and deaths driven by hand between the acts of whoever writes and rotates the log:
// each line is stored once and in order, or was destroyed unseen, or a gap tells of it. All by one seed.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openFileFollower, type FileFollower } from '../../src/files/file-follower.ts'
import { findFiles } from '../../src/files/find-files.ts'
import { recordsOf } from '../../src/query/read/records-of.ts'
import type { SourceContext } from '../../src/contracts/source.ts'
import type { FileIdentity, FileRequest } from '../../src/contracts/source-storage.ts'
import { openPipeline, type Pipeline } from '../../src/pipeline/pipeline.ts'
import { stageChains } from '../../src/shape/stage-chain.ts'
import { openMemoryStore } from '../../src/stores/memory/memory-store.ts'
import { linesOfWorld, openOracles } from './file-oracle.ts'
import { openFileWorld } from './file-world.ts'
import { seededRandom } from './store/seeded-random.ts'

export interface FileSimulationOptions {
  steps?: number
}

/** How often things happened. */
export type FileTally = Record<string, number>

const run = 1
const mostTurns = 10_000

/** Throws what went wrong first, with what led to it. */
export async function simulateFiles(seed: number, options: FileSimulationOptions = {}): Promise<FileTally> {
  const directory = fs.mkdtempSync(path.join(tmpdir(), 'logboom-world-'))
  const history: string[] = []
  try {
    return await simulateIn(directory, seed, options, history)
  } catch (cause) {
    const message = `seed ${seed} failed:\n${history.join('\n')}\nand then: ${(cause as Error).message}`
    throw new Error(message, { cause })
  } finally {
    fs.rmSync(directory, { recursive: true })
  }
}

async function simulateIn(
  directory: string,
  seed: number,
  { steps = 60 }: FileSimulationOptions,
  history: string[],
): Promise<FileTally> {
  const random = seededRandom(seed)
  const clock = { now: Date.now() }
  /** Files are compressed, too; their text has no order that is promised. */
  const mayPack = random.chance(0.5)
  const banner = random.chance(0.3) ? 'a new file begins' : undefined
  const names = random.chance(0.3) ? ['app.log', 'web.log'] : ['app.log']
  const worlds = names.map((name, index) =>
    openFileWorld({
      directory,
      random,
      clock,
      name,
      firstLine: index * linesOfWorld + 1,
      banner,
      keep: random.between(2, 4),
      isDated: random.chance(0.3),
      mayPack,
    }),
  )
  const compressed = mayPack && random.chance(0.7)
  const start = random.pick(['beginning', 'end'] as const)
  const paths = random.pick([names, ['*.log'], names.map((name) => `${name}*`)])
  history.push(`· ${JSON.stringify({ start, paths, compressed, banner })}`)
  const store = openMemoryStore(() => clock.now, 1e9)
  const tally: FileTally = {}
  const oracle = openOracles(worlds)
  let pipeline!: Pipeline
  let follower!: FileFollower
  /** Of hubs; an earlier one is dead. */
  let life = 0
  let isLooking = false
  let stepping = Promise.resolve()

  function note(what: string): void {
    tally[what] = (tally[what] ?? 0) + 1
    history.push(what)
  }

  /** Lines in a row are told as one. */
  function say(what: string): void {
    const line = Number(/ read (\d+)$/.exec(what)?.[1])
    const before = /^( +read \d+ to )(\d+)$/.exec(history.at(-1) ?? '')
    if (Number(before?.[2]) === line - 1) history[history.length - 1] = `${before![1]}${line}`
    else if (line) history.push(`${what} to ${line}`)
    else history.push(what)
  }

  function act(): void {
    note(random.pick(worlds).act())
    const captures = [...pipeline.captures()]
    oracle.lose((inode) => {
      const capture = captures.find((each) => each.inode === inode)
      return capture?.cursor().headBytes ? capture.offset() + capture.knownBacklogBytes() : 0
    })
  }

  /** One after the other, whoever asks: an archive is read to its end beside the look. */
  function step(): Promise<void> {
    return (stepping = stepping.then(async () => {
      await pipeline.step()
      await takeCommitted()
    }))
  }

  async function takeCommitted(): Promise<void> {
    const after = oracle.taken()
    for await (const { batches } of store.search({ order: 'oldest', after }))
      for (const record of recordsOf(batches, 'oldest')) oracle.take(record, (what) => say(what))
  }

  function kill(): void {
    note('kill')
    end()
    open()
    // While no hub lives.
    if (oracle.isArmed()) for (let left = random.pick([0, 0, 5, 20]); left > 0; left--) act()
  }

  function end(): void {
    for (const capture of pipeline.captures()) capture.close()
  }

  /** What may happen between two calls of the follower. */
  async function turn(mine: number): Promise<void> {
    while (isLooking && oracle.isArmed() && random.chance(0.3)) {
      if (random.chance(0.6)) act()
      else if (random.chance(0.9)) await step()
      else {
        await stepping
        kill()
      }
      // The rest of a dead hub's look never comes.
      if (mine !== life) await new Promise(() => undefined)
    }
  }

  /** As if on another thread: the pipeline steps until the answer is there. */
  async function call<Value>(mine: number, ask: () => Value | Promise<Value>): Promise<Value> {
    await turn(mine)
    const answer = Promise.resolve(ask())
    let isOver = false
    const over = (): void => void (isOver = true)
    answer.then(over, over)
    for (let turns = 0; ; turns++) {
      await new Promise(setImmediate)
      if (isOver) break
      assert.ok(turns < mostTurns, 'a call of the follower is never answered')
      if (mine === life) await step()
    }
    await turn(mine)
    return answer
  }

  function contextOf(mine: number): SourceContext {
    const tailOf = (request: FileRequest, tail: number | 'moved' | 'copy' | { failed: string }) => {
      history.push(`  open ${path.basename(request.path)} ${request.start}: ${JSON.stringify(tail)}`)
      if (typeof tail !== 'number') return tail
      return {
        drain: () => call(mine, () => pipeline.drain(tail)),
        finish: () => call(mine, () => pipeline.finish(tail)),
        close: () => call(mine, () => pipeline.closeTail(tail)),
        rename: (to: string) => call(mine, () => pipeline.renameTail(tail, to)),
        look: () => call(mine, () => pipeline.look(tail)),
      }
    }
    return {
      tailFile: async (request: FileRequest) =>
        tailOf(request, await call(mine, () => pipeline.tailFile('app', request))),
      tailLogs: async (requests: FileRequest[], logs: FileIdentity[][]) => {
        const tails = await call(mine, () => pipeline.tailLogs('app', requests, logs))
        return tails.map((tail, index) => tailOf(requests[index]!, tail))
      },
      rememberedFiles: (of: number) => call(mine, () => pipeline.rememberedFiles('app', of)),
      sawAllFiles: (of: number, on: number) => call(mine, () => pipeline.sawAllFiles('app', of, on)),
      forgetFile: (...words: never[]) =>
        call(mine, () => (pipeline.forgetFile as (...all: unknown[]) => void)('app', ...words)),
      now: () => clock.now,
    } as unknown as SourceContext
  }

  function open(): void {
    const mine = ++life
    pipeline = openPipeline({
      store,
      session: 's',
      openStages: stageChains([], { stages: {} }),
      publish: () => undefined,
      warn: (message) => assert.fail(message),
      now: () => clock.now,
    })
    const find: typeof findFiles = async (options, base, now) => {
      const found = await findFiles(options, base, now)
      if (!isLooking || !oracle.isArmed() || random.chance(0.7)) return found
      // What lies beside the files is listed after the files are.
      await turn(mine)
      const { rotated, archives } = await findFiles(options, base, now)
      const named = new Map(found.files.map((file) => [file.realPath, file]))
      for (const file of [...rotated, ...archives]) {
        const now = file.original && named.get(file.original.path)
        if (now) file.original = { path: now.realPath, device: now.device, inode: now.inode }
      }
      return {
        ...found,
        rotated: rotated.filter((file) => !found.files.some(({ inode }) => inode === file.inode)),
        archives,
      }
    }
    follower = openFileFollower(
      {
        paths,
        exclude: [],
        start,
        encoding: 'utf-8',
        compressed,
        allow: [],
        base: directory,
        run,
        find,
        tell: (message) => history.push(`told: ${message}`),
        changed: () => undefined,
      },
      contextOf(mine),
    )
  }

  async function look(): Promise<void> {
    const mine = life
    note('look')
    isLooking = true
    let error: unknown
    let isOver = false
    follower.look().then(
      () => (isOver = true),
      (reason: unknown) => (error = reason),
    )
    // A dead hub's look is left alone.
    for (let turns = 0; !isOver && !error && mine === life && turns < 10 * mostTurns; turns++)
      await new Promise(setImmediate)
    isLooking = false
    if (error) throw error as Error
    assert.ok(isOver || mine !== life, 'a look never ends')
  }

  /** Everything that is there is read. */
  async function settle(): Promise<void> {
    oracle.disarm()
    note('settle')
    // An archive that begins like a file that went is decided on once that is let go.
    const some = (): number => random.pick([100, 3000, 15_000])
    const pausesMs = compressed ? [some(), 6000, 11_000, 100, 0] : [some(), some(), some()]
    for (const pauseMs of pausesMs) {
      await look()
      for (let quiet = 0; quiet < 4; quiet++) {
        const before = oracle.taken()
        for (const capture of pipeline.captures()) capture.touch(clock.now + 60_000)
        await step()
        await new Promise(setImmediate)
        if (oracle.taken() !== before) quiet = 0
      }
      clock.now += pauseMs
    }
    oracle.assertAllRead({ isPackedRead: compressed })
    oracle.arm()
  }

  open()
  for (let before = random.between(0, 6); before > 0; before--) act()
  oracle.beginsWith(start, compressed)
  await settle()
  for (let left = steps; left > 0; left--) {
    const chance = random()
    if (chance < 0.5) act()
    else if (chance < 0.75) await step()
    else if (chance < 0.93) await look()
    else if (chance < 0.97) await settle()
    else kill()
  }
  clock.now += 20_000
  await settle()
  oracle.assertTold()
  end()
  return tally
}
