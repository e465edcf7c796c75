// The heart of the storage worker: collect from tails and pushes, shape, commit as one, and only then feed sinks and
// viewers. Does one step at a time and knows no timers, so that whoever drives it decides when.
import type { Origin, RecordBatch } from '../contracts/batch.ts'
import { LogboomError } from '../contracts/errors.ts'
import { openSlab } from '../system/slab.ts'
import type { Entry } from '../contracts/source-storage.ts'
import type { Store } from '../contracts/store.ts'
import { openLeftOutCount } from '../shape/count-left-out.ts'
import { fileGap, ruleGap } from '../text/gaps.ts'
import { openBacklog, type Group } from '../shape/backlog.ts'
import type { Capture } from '../captures/capture.ts'
import { openIngest, type Collected } from './ingest.ts'
import { openNumberedEntries } from './numbered-entries.ts'
import { openOffers } from './offers.ts'
import { openPushes } from './pushes.ts'
import { openRelays } from './relays.ts'
import { openTails, type TailCalls } from './tails.ts'
import { openSequences } from './sequences.ts'
import { shapeEntries } from '../shape/shape-entries.ts'
import type { OpenStages, StageChain } from '../shape/stage-chain.ts'
import type { RelayPlace, RelayRequest } from '../contracts/hosts/relay.ts'
import type { IngestAnswer, IngestRequest, UnkeptNews } from '../contracts/storage.ts'

/** Text collected into one commit. */
const groupBytes = 2 * 1024 * 1024
/** And lines: very short ones take more than their text. */
const groupLines = 65_536
/** While captures have more than one commit takes, bodies are in every so many of them. */
const turnsPerBody = 4
const windowSlackBytes = 512 * 1024

/** Buffers left behind for each byte of text: the text, the columns, the frame. */
const garbagePerByte = 3
/** For each byte of a body: itself, its columns; text and frame are in memory that is used again. */
const garbagePerBodyByte = 1.5
/** And by what has waited and is committed. */
const garbagePerRetry = 4 * 1024 * 1024

export interface PipelineOptions {
  store: Store
  session: string
  openStages: OpenStages
  /** Feeds sinks and viewers; called after each commit, in order. */
  publish(batches: RecordBatch[]): void
  warn(message: string): void
  now(): number
  /** Milliseconds that only grow, whatever becomes of the clock; those of this thread unless told. */
  elapsed?(): number
  /** Bytes free on the disk that holds the store. */
  room?(): number
  /** While it holds nothing is collected: whoever can wait does. */
  isHeld?(): boolean
  /** Told of lines that are shaped and cannot be committed; to be done with the batches when it returns. */
  unkept?(news: UnkeptNews): void
  /** Told how many bytes a step has left behind. */
  spent?(bytes: number): void
}

/** Calls of the main thread. */
export interface PipelineCalls extends TailCalls {
  push(origin: Origin, entries: Entry[], once?: string): Promise<void>
  /** See SourceStorage. */
  offer(origin: Origin, entries: Entry[]): Promise<void>
  lastOnce(source: string): string | undefined
  /** See Storage. */
  ingest(request: IngestRequest, body: Uint8Array): Promise<IngestAnswer>
  /** See Storage. */
  relay(request: RelayRequest, frames: Uint8Array): Promise<RelayPlace>
  /** See Storage. */
  relayPlace(agent: string): RelayPlace
  /** See Storage. */
  endWaiting(): void
  /** See Storage. */
  trouble(): string[]
}

export interface Pipeline extends PipelineCalls {
  /** A record that something of a source is missing, at the next commit. */
  gap(source: string, gap: Entry): void
  /** Collects and commits once. Tells how much text there was, and whether more waits. */
  step(): Promise<{ bytes: number; more: boolean }>
  captures(): IterableIterator<Capture>
  /** See CaptureSet. */
  rest(now: number, wake: () => void): boolean
  /** Something read cannot be committed. */
  waiting(): boolean
}

export function openPipeline(options: PipelineOptions): Pipeline {
  const { store, session, publish, now } = options
  const pushStages = new Map<string, StageChain>()
  const backlog = openBacklog(options)
  const leftOut = openLeftOutCount(store, now)
  const sequences = openSequences(store, leftOut)
  const numbered = openNumberedEntries(store)
  const pushes = openPushes(store, numbered)
  const numbering = { leftOut, takeSequence: sequences.take, returnSequence: sequences.takeBack }
  const offers = openOffers({ ...numbering, numbered, now, stagesOf: stagesOfPushes })
  const ingest = openIngest({ ...options, ...numbering })
  const relays = openRelays(store, options)
  const isHeld = options.isHeld ?? (() => false)
  const forgotten: string[] = []
  /** Memory for the text of a step; the backlog copies what has to wait. */
  const slab = openSlab(groupBytes + windowSlackBytes)
  const tails = openTails({
    ...options,
    allocate: slab.take,
    tell: (source, run, entry) => pushes.add({ source, run, session, pid: 0 }, entry),
  })
  let turn = 0
  let isEnding = false
  let hasGivenUp = false

  function entriesBatch(origin: Origin, entries: Entry[]): RecordBatch {
    return shapeEntries(entries, origin, now(), sequences.take(origin.source, origin.run, entries.length))
  }

  function shape(batch: RecordBatch, stages: StageChain, cursors: Group['cursors']): RecordBatch {
    const { source, run, seq } = batch
    const shaped = stages.apply(batch)
    leftOut.add({ source, run, seq }, shaped, cursors)
    return shaped
  }

  function stagesOfPushes(source: string): StageChain {
    let stages = pushStages.get(source)
    if (!stages) pushStages.set(source, (stages = options.openStages(source)))
    return stages
  }

  function collectPushes(group: Group): void {
    const { fresh, all } = pushes.take(group.cursors)
    for (const { done } of all) group.waiting.push(done)
    for (const { origin, entries } of fresh)
      group.batches.push(shape(entriesBatch(origin, entries), stagesOfPushes(origin.source), group.cursors))
    for (const key of forgotten.splice(0)) group.cursors.set(key, null)
    for (const each of leftOut.due(group.cursors)) {
      const { source, run } = each
      group.batches.push(entriesBatch({ source, run, session, pid: 0 }, [ruleGap(each)]))
    }
  }

  function collectCaptured(group: Group): { bytes: number; more: boolean } {
    collectPushes(group)
    return collectTails(group)
  }

  /** Goes round the tails, a window each, beginning with another one each time. */
  function collectTails(group: Group): { bytes: number; more: boolean } {
    let bytes = 0
    let lines = 0
    let more = false
    tails.collectPlaces(group)
    const round = tails.captures.active()
    for (let i = 0; i < round.length; i++) {
      const capture = round[(i + turn) % round.length]!
      if (bytes >= groupBytes || lines >= groupLines) {
        more = true
        break
      }
      const chunk = capture.read()
      if (!chunk) continue
      more ||= capture.active()
      bytes += chunk.text.length
      lines += chunk.start.length
      if (chunk.gap) group.batches.push(entriesBatch(capture.origin, [fileGap(chunk.gap)]))
      if (chunk.start.length > 0) {
        const first = sequences.take(capture.origin.source, capture.origin.run, chunk.start.length)
        group.batches.push(shape(capture.shape(chunk, now(), first), capture.stages, group.cursors))
      }
      group.cursors.set(capture.key, capture.cursor())
    }
    turn++
    return { bytes, more }
  }

  /** `stored` is called when it is, and before anybody sees it. */
  async function tryToCommit(group: Group, refusable: Collected[] = [], stored?: () => void): Promise<boolean> {
    try {
      await commit(refusable.reduce(together, group), stored)
      return true
    } catch (error) {
      for (const collected of refusable.toReversed()) collected.failed(error as Error)
      if (!(error instanceof LogboomError)) throw error
      backlog.failed(error)
      return false
    }
  }

  function together({ batches, cursors, waiting }: Group, collected: Collected): Group {
    return {
      batches: [...batches, ...collected.batches],
      cursors: new Map([...cursors, ...collected.cursors]),
      waiting: [...waiting, collected.committed],
    }
  }

  /**
   * Captures go first: bodies can wait, and processes would lose what they print once their files are full. Nobody waits who
   * can come again: while nothing can be committed, bodies and offers are refused.
   */
  function collectRefusable(isBehind: boolean): Collected[] {
    if (!backlog.waiting()) {
      const body = isBehind && turn % turnsPerBody !== 0 ? undefined : ingest.collect()
      return [offers.collect(), relays.collect(), body].filter((collected) => collected !== undefined)
    }
    refuse(backlog.error() ?? new LogboomError('store-unwritable', 'The store cannot be written'))
    return []
  }

  function refuse(error: LogboomError): void {
    offers.refuse(error)
    relays.refuse(error)
    ingest.refuse(error)
  }

  async function commit(group: Group, stored?: () => void): Promise<void> {
    if (group.batches.length === 0 && group.cursors.size === 0 && group.waiting.length === 0) return
    const batches = group.batches.filter((batch) => batch.count > 0)
    await store.commit(batches, group.cursors)
    stored?.()
    publish(batches)
    for (const done of group.waiting) done()
  }

  /** Once and for all: what is rejected must not be committed after all. */
  function giveUp(): void {
    hasGivenUp = true
    const error = new LogboomError('store-unwritable', backlog.trouble().join() || 'The spool is full')
    for (const { done } of pushes.take(new Map()).all) done(error)
    refuse(error)
    backlog.giveUp(error)
    for (const capture of tails.captures.all()) capture.giveUp(error)
  }

  function settleFinished(): void {
    for (const { key, origin, private: isPrivate } of tails.takeFinished()) {
      // A followed file goes on being one, and its run, too.
      if (!isPrivate) continue
      sequences.forget(origin.source, origin.run)
      leftOut.end(origin.source, origin.run)
      forgotten.push(key)
    }
  }

  return {
    ...tails.calls,
    push: pushes.push,
    offer: (origin, entries) =>
      hasGivenUp ? Promise.reject(new LogboomError('store-unwritable', 'The hub ends')) : offers.add(origin, entries),
    lastOnce: pushes.lastOnce,
    relay: (request, frames) =>
      hasGivenUp ? Promise.reject(new LogboomError('store-unwritable', 'The hub ends')) : relays.add(request, frames),
    relayPlace: relays.place,
    ingest: (request, body) =>
      hasGivenUp ? Promise.reject(new LogboomError('store-unwritable', 'The hub ends')) : ingest.add(request, body),
    gap(source, gap) {
      const run = Math.max(
        0,
        ...[...tails.captures.all()].filter(({ origin }) => origin.source === source).map(({ origin }) => origin.run),
      )
      pushes.add({ source, run, session, pid: 0 }, gap)
    },
    async step() {
      if (isEnding && (backlog.waiting() || isHeld())) giveUp()
      if (hasGivenUp) return { bytes: 0, more: false }
      slab.reset()
      const group: Group = { batches: [], cursors: new Map(), waiting: [] }
      const tailed = isHeld() ? { bytes: 0, more: false } : collectCaptured(group)
      const mustWait = backlog.waiting()
      const refusable = collectRefusable(tailed.more)
      if (mustWait || !(await tryToCommit(group, refusable))) backlog.keep(group)
      // Nobody is shown a line as not kept who has it as a record already.
      const tryAgain = (held: Group): Promise<boolean> => tryToCommit(held, undefined, backlog.committed)
      for (let next = backlog.next(); next && (await tryAgain(next)); next = backlog.next())
        options.spent?.(garbagePerRetry)
      backlog.look()
      if (!backlog.waiting()) settleFinished()
      const bodyBytes = refusable.reduce((sum, { bytes }) => sum + bytes, 0)
      options.spent?.(tailed.bytes * garbagePerByte + bodyBytes * garbagePerBodyByte)
      const more = tailed.more || refusable.some((each) => each.more) || forgotten.length > 0 || tails.hasPlaces()
      return { bytes: tailed.bytes + bodyBytes, more: more && !backlog.waiting() }
    },
    captures: tails.captures.all,
    rest: tails.captures.rest,
    waiting: backlog.waiting,
    endWaiting() {
      isEnding = true
    },
    trouble: backlog.trouble,
  }
}
