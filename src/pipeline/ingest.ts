// Bodies of records that wait for the next commits: shaped when they come, a part at a time, and answered when all is in them
// for good. Nobody else holds them: when they cannot be committed the caller is told how far they got, and may try again.
import { crc32 } from 'node:zlib'
import type { RecordBatch } from '../contracts/batch.ts'
import { LogboomError } from '../contracts/errors.ts'
import { openSlab } from '../system/slab.ts'
import type { CursorValue, Store } from '../contracts/store.ts'
import { openBodyCuts, type BodyCuts } from '../json/body-cuts.ts'
import { openBodyReader, type BodyPlace, type BodyRecords } from '../json/ndjson.ts'
import { patternTest } from '../query/match/wildcard.ts'
import { faultOfSourceName } from '../text/source-name.ts'
import type { LeftOutCount } from '../shape/count-left-out.ts'
import { openNamedBodies } from './named-bodies.ts'
import type { OpenStages, StageChain } from '../shape/stage-chain.ts'
import type { IngestAnswer, IngestCounts, IngestRequest } from '../contracts/storage.ts'

export interface Ingest {
  /** Resolves when the records are committed: see Storage. */
  add(request: IngestRequest, body: Uint8Array): Promise<IngestAnswer>
  /** Bodies that wait, for one commit; their batches are valid until the next call. Undefined when nothing does. */
  collect(): Collected | undefined
  /** Rejects all that waits. */
  refuse(error: LogboomError): void
}

export interface Collected {
  batches: RecordBatch[]
  cursors: Map<string, CursorValue | null>
  /** Of the bodies, and what their columns take. */
  bytes: number
  /** More waits. */
  more: boolean
  committed(): void
  failed(error: Error): void
}

export interface IngestOptions {
  store: Store
  session: string
  openStages: OpenStages
  leftOut: LeftOutCount
  now(): number
  /** Hands out `count` sequence numbers of a run and returns the first. */
  takeSequence(source: string, run: number, count: number): number
  /** Takes back `first` and those after it: nothing was committed under them. */
  returnSequence(source: string, run: number, first: number): void
}

/** A body on its way. `counts` and `place` tell what is committed, or will be with what was collected last. */
interface Body {
  request: IngestRequest
  bytes: Uint8Array
  cuts: BodyCuts
  counts: IngestCounts
  /** Absent until its first record is read. */
  place: BodyPlace | undefined
  /** CRC-32 of the bytes before the place. */
  check: number
  /** Records that were there when it came. */
  earlier: number
  resolve(answer: IngestAnswer): void
  reject(error: Error): void
}

/** Text for a commit, and the bodies it is made of. */
interface Share extends Pick<Collected, 'batches' | 'cursors'> {
  bytesLeft: number
  recordsLeft: number
  done: { body: Body; answer: Omit<IngestAnswer, 'head'> }[]
  /** Take back what was done for this commit, in reverse order. */
  undo: (() => void)[]
}

/**
 * Text and records of bodies in one commit. Between two commits captures have their turn, so this is what they wait for at most.
 */
const groupBytes = 2 * 1024 * 1024
const groupRecords = 16_384
/** Bytes that the columns take for each. */
const rowBytes = 64
/** Records of one body. */
const mostRecords = 1_000_000
/** Text, columns of text and what they grow by; larger parts get memory of their own. */
const slabBytes = 3 * groupBytes
/** Beyond so many, sources named by records are taken for data. */
const mostSources = 1000
/** A source that is fed from outside has one life, which goes on. */
const run = 1

export function openIngest(options: IngestOptions): Ingest {
  const { store, session, now, leftOut } = options
  const reader = openBodyReader()
  const slab = openSlab(slabBytes)
  const stages = new Map<string, StageChain>()
  const sources = new Set<string>()
  const named = openNamedBodies(store)
  let waiting: Body[] = []

  function mayName({ taken, granted }: IngestRequest, name: string): boolean {
    if (granted && !isGranted(granted, name)) return false
    if (sources.has(name)) return true
    if (sources.size >= mostSources || taken.includes(name) || faultOfSourceName(name) !== undefined) return false
    sources.add(name)
    return true
  }

  /** Line at which reading begins: behind those committed under its name before. */
  function begin(body: Body): BodyPlace {
    const { request, bytes, cuts } = body
    if (!mayName(request, request.source))
      throw new LogboomError('request-invalid', `There are ${mostSources} sources already.`)
    const before = request.batch === undefined ? undefined : named.find(request.batch)
    if (!before?.place) return { at: cuts.start, fragment: 0 }
    const { check, ...place } = before.place
    if (place.at > bytes.length || crc32(bytes.subarray(0, place.at)) !== check)
      throw new LogboomError('batch-differs', `The body named ${request.batch} was begun with other bytes.`)
    body.counts = { accepted: before.accepted, malformed: before.malformed }
    body.earlier = before.accepted
    body.check = check
    return place
  }

  /** Reads as much of it as there is room for; true when that was all. */
  function take(body: Body, share: Share): boolean | 'later' {
    const { request, bytes, cuts } = body
    const isFirst = share.batches.length === 0
    const isBegun = body.place !== undefined
    const place = body.place ?? begin(body)
    const { form, source, named: isNamed } = request
    const part = reader.read(bytes, cuts, place, {
      form,
      source,
      mayName: isNamed ? (name) => mayName(request, name) : undefined,
      session,
      observed: now(),
      allocate: slab.take,
      mostBytes: share.bytesLeft,
      mostRecords: share.recordsLeft,
    })
    const isLast = part.place.at >= cuts.end()
    // A body that fits into one commit is not torn between two.
    if (!isLast && !isFirst && !isBegun) return 'later'
    add(body, place, part, isLast, share)
    return isLast
  }

  function add(body: Body, before: BodyPlace, part: BodyRecords, isLast: boolean, share: Share): void {
    const { counts, check, request } = body
    share.undo.push(() => void Object.assign(body, { counts, check, place: before }))
    share.bytesLeft -= part.place.at - before.at
    share.recordsLeft -= part.records
    for (const batch of part.batches) {
      const { source } = batch
      const first = options.takeSequence(source, run, batch.count)
      share.undo.push(() => options.returnSequence(source, run, first))
      for (let i = 0; i < batch.count; i++) batch.seq[i] = first + i
      const { seq } = batch
      const shaped = applyStages(batch)
      share.undo.push(leftOut.add({ source, run, seq }, shaped, share.cursors))
      share.batches.push(shaped)
    }
    body.place = part.place
    body.counts = { accepted: counts.accepted + part.records, malformed: counts.malformed + part.malformed }
    if (request.batch === undefined) return
    body.check = crc32(body.bytes.subarray(before.at > body.cuts.start ? before.at : 0, part.place.at), check)
    const progress = isLast ? body.counts : { ...body.counts, place: { ...part.place, check: body.check } }
    share.undo.push(named.note(request.batch, progress, share.cursors))
  }

  function applyStages(batch: RecordBatch): RecordBatch {
    let own = stages.get(batch.source)
    if (!own) stages.set(batch.source, (own = options.openStages(batch.source)))
    return own.apply(batch)
  }

  /** The next step of one body; true when nothing of it is left to do. */
  function advance(body: Body, share: Share): boolean | 'later' {
    const { batch } = body.request
    const before = batch === undefined || body.place ? undefined : named.find(batch)
    if (before && !before.place) {
      const { accepted, malformed } = before
      share.done.push({ body, answer: { accepted, malformed, repeated: true } })
      return true
    }
    // Of two with one name the later waits for what becomes of the earlier.
    if (batch !== undefined && waiting.some((other) => other !== body && other.place && other.request.batch === batch))
      return false
    try {
      if (!body.place && !body.cuts.look()) return false
      const isOver = take(body, share)
      if (isOver === true) {
        const earlier = body.earlier > 0 ? { earlier: body.earlier } : {}
        share.done.push({ body, answer: { ...body.counts, ...earlier } })
      }
      return isOver
    } catch (error) {
      body.reject(error as Error)
      return true
    }
  }

  /** `place` and `counts` are of the last commit. */
  function fail({ counts, resolve, reject }: Body, error: Error): void {
    if (counts.accepted === 0 || !(error instanceof LogboomError)) return reject(error)
    const { code, message, hint } = error
    resolve({ ...counts, head: store.head(), error: { code, message, hint } })
  }

  return {
    add: (request, bytes) =>
      new Promise((resolve, reject) => {
        const cuts = openBodyCuts(bytes, request.form, mostRecords)
        const counts = { accepted: 0, malformed: 0 }
        waiting.push({ request, bytes, cuts, counts, place: undefined, check: 0, earlier: 0, resolve, reject })
      }),
    collect() {
      if (waiting.length === 0) return undefined
      slab.reset()
      const share: Share = {
        batches: [],
        cursors: new Map(),
        bytesLeft: groupBytes,
        recordsLeft: groupRecords,
        done: [],
        undo: [],
      }
      // Once round at most. Who is not done goes to the end, so that a large one holds up nobody.
      for (let turns = waiting.length; turns > 0 && share.bytesLeft > 0 && share.recordsLeft > 0; turns--) {
        const body = waiting[0]!
        const isOver = advance(body, share)
        if (isOver === 'later') break
        waiting.shift()
        if (!isOver) waiting.push(body)
      }
      const { batches, cursors, done } = share
      const bytes = groupBytes - share.bytesLeft + (groupRecords - share.recordsLeft) * rowBytes
      return {
        batches,
        cursors,
        bytes,
        more: waiting.length > 0,
        committed() {
          for (const { body, answer } of done) body.resolve({ ...answer, head: store.head() })
        },
        failed(error) {
          for (const undo of share.undo.reverse()) undo()
          for (const { body } of done) fail(body, error)
          for (const body of waiting.filter(({ place }) => place)) fail(body, error)
          waiting = waiting.filter(({ place }) => !place)
        },
      }
    },
    refuse(error) {
      for (const body of waiting.splice(0)) fail(body, error)
    },
  }
}

const testsOfPatterns = new WeakMap<readonly string[], ((name: string) => boolean)[]>()

function isGranted(patterns: readonly string[], name: string): boolean {
  if (patterns.includes('*')) return true
  const tests =
    testsOfPatterns.get(patterns) ??
    patterns.map((pattern) => patternTest({ text: pattern, wildcard: pattern.includes('*') }))
  testsOfPatterns.set(patterns, tests)
  return tests.some((test) => test(name))
}
