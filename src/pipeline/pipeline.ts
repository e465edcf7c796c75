// The heart of the storage worker: collect from tails and pushes, shape, commit as one, and only then feed sinks and
// viewers. Does one step at a time and knows no timers, so that whoever drives it decides when.
import type { Origin, RecordBatch } from '../contracts/batch.ts'
import { LogboomError } from '../contracts/errors.ts'
import { openSlab } from '../system/slab.ts'
import type {
  Entry,
  FileIdentity,
  FileRequest,
  ForgetOptions,
  RememberedFiles,
  TailRequest,
} from '../contracts/source-storage.ts'
import type { CursorValue, Store } from '../contracts/store.ts'
import type { TailedFile } from '../tail/tailed-file.ts'
import { formatLeftOut, openLeftOutCount } from '../shape/count-left-out.ts'
import { formatGap } from '../shape/format-gap.ts'
import { openBacklog, type Group } from '../shape/backlog.ts'
import { openCapture, type Capture } from '../captures/capture.ts'
import { openCaptureSet } from '../captures/capture-set.ts'
import { placeKey } from '../captures/compare-files.ts'
import { openFollowedFiles } from '../captures/followed-files.ts'
import { openIngest, type Collected } from './ingest.ts'
import { openPushes } from './pushes.ts'
import { openSequences } from './sequences.ts'
import { shapeEntries } from '../shape/shape-entries.ts'
import type { OpenStages, StageChain } from '../shape/stage-chain.ts'
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
  /** Told of lines that are shaped and cannot be committed; to be done with the batches when it returns. */
  unkept?(news: UnkeptNews): void
  /** Told how many bytes a step has left behind. */
  spent?(bytes: number): void
}

/** Calls of the main thread. */
export interface PipelineCalls {
  /** Opens a file for reading and gives a number for it. */
  tail(source: string, request: TailRequest): number
  /** Opens a followed file: see SourceStorage. */
  tailFile(source: string, request: FileRequest): Promise<number | 'moved' | 'copy'>
  tailLogs(
    source: string,
    requests: readonly FileRequest[],
    logs: readonly FileIdentity[][],
  ): (number | 'moved' | 'copy' | { failed: string })[]
  rememberedFiles(source: string, run: number): RememberedFiles
  sawAllFiles(source: string, run: number, at: number): void
  forgetFile(source: string, run: number, file: FileIdentity, how?: ForgetOptions): void
  /** Bytes of a source's files of others that wait to be read. */
  backlogBytes(source: string): number
  renameTail(tail: number, path: string): void
  /** How far it was read, of how many bytes. */
  look(tail: number): { offset: number; size: number }
  drain(tail: number): Promise<void>
  finish(tail: number): Promise<void>
  closeTail(tail: number): void
  push(origin: Origin, entries: Entry[], once?: string): Promise<void>
  lastOnce(source: string): string | undefined
  /** See Storage. */
  ingest(request: IngestRequest, body: Uint8Array): Promise<IngestAnswer>
  /** See Storage. */
  endWaiting(): void
  /** See Storage. */
  trouble(): string[]
}

export interface Pipeline extends PipelineCalls {
  /** A record that something of a source is missing, at the next commit. */
  gap(source: string, message: string, fields: Record<string, unknown>): void
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
  const captures = openCaptureSet()
  const pushStages = new Map<string, StageChain>()
  const backlog = openBacklog(options)
  const leftOut = openLeftOutCount(store, now)
  const sequences = openSequences(store, leftOut)
  const pushes = openPushes(store)
  const ingest = openIngest({
    ...options,
    leftOut,
    takeSequence: sequences.take,
    returnSequence: sequences.takeBack,
  })
  const forgotten: string[] = []
  /** Memory for the text of a step; the backlog copies what has to wait. */
  const slab = openSlab(groupBytes + windowSlackBytes)
  const files = openFollowedFiles({
    ...options,
    captures,
    add: addFile,
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
      group.batches.push(entriesBatch({ source, run, session, pid: 0 }, [formatLeftOut(each)]))
    }
  }

  /** Goes round the tails, a window each, beginning with another one each time. */
  function collectTails(group: Group): { bytes: number; more: boolean } {
    let bytes = 0
    let lines = 0
    let more = false
    files.openCopies(group)
    files.collectPlaces(group)
    const round = captures.active()
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
      if (chunk.gap) group.batches.push(entriesBatch(capture.origin, [formatGap(chunk.gap)]))
      if (chunk.start.length > 0) {
        const first = sequences.take(capture.origin.source, capture.origin.run, chunk.start.length)
        group.batches.push(shape(capture.shape(chunk, now(), first), capture.stages, group.cursors))
      }
      group.cursors.set(capture.key, capture.cursor())
    }
    turn++
    return { bytes, more }
  }

  function addFile(source: string, request: FileRequest, cursor: CursorValue | undefined, file?: TailedFile): Capture {
    const { run } = request
    const number = captures.add((heated) =>
      openCapture({
        key: placeKey(source, run, request),
        origin: { source, run, session, pid: 0 },
        request,
        cursor,
        file,
        stages: options.openStages(source, cursor),
        allocate: slab.take,
        heated,
        truncated: (path, before) => files.truncated(source, request, path, before),
        failed: files.failed,
      }),
    )
    return captures.get(number)!
  }

  /** `stored` is called when it is, and before anybody sees it. */
  async function tryToCommit(group: Group, ingested?: Collected, stored?: () => void): Promise<boolean> {
    try {
      await commit(ingested ? together(group, ingested) : group, stored)
      return true
    } catch (error) {
      ingested?.failed(error as Error)
      if (!(error instanceof LogboomError)) throw error
      backlog.failed(error)
      return false
    }
  }

  function together({ batches, cursors, waiting }: Group, ingested: Collected): Group {
    return {
      batches: [...batches, ...ingested.batches],
      cursors: new Map([...cursors, ...ingested.cursors]),
      waiting: [...waiting, ingested.committed],
    }
  }

  /**
   * Captures go first: bodies can wait, and processes would lose what they print once their files are full. Nobody waits who
   * can come again: while nothing can be committed, bodies are refused.
   */
  function collectBodies(isBehind: boolean): Collected | undefined {
    if (!backlog.waiting()) return isBehind && turn % turnsPerBody !== 0 ? undefined : ingest.collect()
    ingest.refuse(backlog.error() ?? new LogboomError('store-unwritable', 'The store cannot be written'))
    return undefined
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
    const error = new LogboomError('store-unwritable', backlog.trouble().join())
    for (const { done } of pushes.take(new Map()).all) done(error)
    ingest.refuse(error)
    backlog.giveUp(error)
    for (const capture of captures.all()) capture.giveUp(error)
  }

  function settleFinished(): void {
    // Captures with a pending drain() are read in every step until it is over.
    for (const capture of captures.active()) {
      if (!capture.settle()) continue
      captures.remove(captures.numberOf(capture)!)
      // A file of others goes on being one, and its run, too.
      if (!capture.private) {
        files.ended(capture)
        continue
      }
      sequences.forget(capture.origin.source, capture.origin.run)
      leftOut.end(capture.origin.source, capture.origin.run)
      forgotten.push(capture.key)
    }
  }

  return {
    tail(source, request) {
      const key = `${source}/${request.run}/${request.stream}`
      const origin = { source, run: request.run, session, pid: request.pid }
      const cursor: CursorValue | undefined = store.cursors().get(key)
      const stages = options.openStages(source, cursor)
      return captures.add((heated) =>
        openCapture({ key, origin, request, cursor, stages, allocate: slab.take, heated }),
      )
    },
    async tailFile(source, request) {
      const opened = await files.open(source, request)
      return typeof opened === 'string' ? opened : captures.numberOf(opened)!
    },
    tailLogs: (source, requests, logs) =>
      files
        .openLogs(source, requests, logs)
        .map((each) => (typeof each === 'string' || 'failed' in each ? each : captures.numberOf(each)!)),
    forgetFile: files.forget,
    rememberedFiles: files.remembered,
    sawAllFiles: files.sawAll,
    backlogBytes: files.backlogBytes,
    renameTail: captures.rename,
    look(handle) {
      const capture = captures.get(handle)
      const offset = capture?.offset() ?? 0
      return { offset, size: offset + (capture?.backlogBytes() ?? 0) }
    },
    drain: (handle) => captures.get(handle)?.drain() ?? Promise.resolve(),
    finish: (handle) => captures.get(handle)?.finish() ?? Promise.resolve(),
    closeTail(handle) {
      captures.get(handle)?.close()
      captures.remove(handle)
    },
    push: pushes.push,
    lastOnce: pushes.lastOnce,
    ingest: (request, body) =>
      hasGivenUp ? Promise.reject(new LogboomError('store-unwritable', 'The hub ends')) : ingest.add(request, body),
    gap(source, message, fields) {
      const run = Math.max(
        0,
        ...[...captures.all()].filter(({ origin }) => origin.source === source).map(({ origin }) => origin.run),
      )
      pushes.add({ source, run, session, pid: 0 }, { kind: 'gap', severity: 13, message, extras: { fields } })
    },
    async step() {
      if (isEnding && backlog.waiting()) giveUp()
      if (hasGivenUp) return { bytes: 0, more: false }
      slab.reset()
      const group: Group = { batches: [], cursors: new Map(), waiting: [] }
      collectPushes(group)
      const tailed = collectTails(group)
      const mustWait = backlog.waiting()
      const ingested = collectBodies(tailed.more)
      if (mustWait || !(await tryToCommit(group, ingested))) backlog.keep(group)
      // Nobody is shown a line as not kept who has it as a record already.
      const tryAgain = (held: Group): Promise<boolean> => tryToCommit(held, undefined, backlog.committed)
      for (let next = backlog.next(); next && (await tryAgain(next)); next = backlog.next())
        options.spent?.(garbagePerRetry)
      backlog.look()
      if (!backlog.waiting()) settleFinished()
      const bodyBytes = ingested?.bytes ?? 0
      options.spent?.(tailed.bytes * garbagePerByte + bodyBytes * garbagePerBodyByte)
      const more = tailed.more || ingested?.more === true || forgotten.length > 0 || files.hasPlaces()
      return { bytes: tailed.bytes + bodyBytes, more: more && !backlog.waiting() }
    },
    captures: captures.all,
    rest: captures.rest,
    waiting: backlog.waiting,
    endWaiting() {
      isEnding = true
    },
    trouble: backlog.trouble,
  }
}
