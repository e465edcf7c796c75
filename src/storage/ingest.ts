// Bodies of records that wait for the next commit: shaped when it comes, answered when they are in it for good. Nobody else
// holds them: when they cannot be committed the caller is told, still has them, and may try again.
import type { RecordBatch } from '../batch.ts'
import { LogboomError } from '../errors.ts'
import { openSlab } from '../slab.ts'
import type { CursorValue, Store } from '../store.ts'
import { openBodyReader, type BodyRecords } from '../wire/ndjson.ts'
import { faultOfSourceName } from '../wire/source-name.ts'
import type { LeftOutCount } from './count-left-out.ts'
import type { OpenStages, StageChain } from './stage-chain.ts'
import type { IngestAnswer, IngestRequest } from './storage.ts'

export interface Ingest {
  /** Resolves when the records are committed. */
  add(request: IngestRequest, body: Uint8Array): Promise<IngestAnswer>
  /** What waits, for one commit; its batches are valid until the next call. Undefined when nothing does. */
  collect(): Collected | undefined
  /** Rejects all that waits. */
  refuse(error: Error): void
}

export interface Collected {
  batches: RecordBatch[]
  cursors: Map<string, CursorValue | null>
  /** Of the bodies. */
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

interface Body {
  request: IngestRequest
  bytes: Uint8Array
  resolve(answer: IngestAnswer): void
  reject(error: Error): void
}

/** Bodies in one commit, unless a single one is larger. */
const groupBytes = 2 * 1024 * 1024
/** Text, columns of text and what they grow by; larger bodies get memory of their own. */
const slabBytes = 3 * groupBytes
/** So many bodies with a name are remembered. */
const mostNamed = 1000
const namedPrefix = 'ingest/'
/** Beyond so many, sources named by records are taken for data. */
const mostSources = 1000
/** A source that is fed from outside has one life, which goes on. */
const run = 1

export function openIngest(options: IngestOptions): Ingest {
  const { store, session, now } = options
  const reader = openBodyReader()
  const slab = openSlab(slabBytes)
  const stages = new Map<string, StageChain>()
  const sources = new Set<string>()
  /** What was answered to bodies with a name, the oldest first. */
  const named = new Map([...store.cursors()].filter(([key]) => key.startsWith(namedPrefix)))
  let waiting: Body[] = []

  function shape({ request, bytes }: Body): BodyRecords {
    const { form, source, named: isNamed, taken } = request
    const mayName = (name: string): boolean => {
      if (sources.has(name)) return true
      if (sources.size >= mostSources || taken.includes(name) || faultOfSourceName(name) !== undefined) return false
      sources.add(name)
      return true
    }
    if (!mayName(source)) throw new LogboomError('request-invalid', `There are ${mostSources} sources already.`)
    const own = isNamed ? mayName : undefined
    return reader.read(bytes, { form, source, mayName: own, session, observed: now(), allocate: slab.take })
  }

  function number(batch: RecordBatch, firsts: [source: string, first: number][]): void {
    const first = options.takeSequence(batch.source, run, batch.count)
    firsts.push([batch.source, first])
    for (let i = 0; i < batch.count; i++) batch.seq[i] = first + i
  }

  function applyStages(batch: RecordBatch): RecordBatch {
    let own = stages.get(batch.source)
    if (!own) stages.set(batch.source, (own = options.openStages(batch.source)))
    return own.apply(batch)
  }

  return {
    add: (request, bytes) => new Promise((resolve, reject) => void waiting.push({ request, bytes, resolve, reject })),
    collect() {
      if (waiting.length === 0) return undefined
      slab.reset()
      const batches: RecordBatch[] = []
      const cursors: Collected['cursors'] = new Map()
      const firsts: [source: string, first: number][] = []
      const undo: (() => void)[] = []
      const taken: { body: Body; answer: Omit<IngestAnswer, 'head'> }[] = []
      let bytes = 0
      let count = 0
      while (count < waiting.length && (count === 0 || bytes + waiting[count]!.bytes.length <= groupBytes)) {
        const body = waiting[count++]!
        bytes += body.bytes.length
        const { batch } = body.request
        const key = namedPrefix + batch
        const before = batch === undefined ? undefined : named.get(key)
        if (before) {
          taken.push({ body, answer: { ...(before as unknown as IngestAnswer), repeated: true } })
          continue
        }
        try {
          const { batches: shaped, records: accepted, malformed } = shape(body)
          for (const each of shaped) {
            number(each, firsts)
            const { seq } = each
            const shaped = applyStages(each)
            undo.push(options.leftOut.add({ source: each.source, run, seq }, shaped, cursors))
            batches.push(shaped)
          }
          taken.push({ body, answer: { accepted, malformed } })
          if (batch !== undefined) remember(key, { accepted, malformed }, cursors)
        } catch (error) {
          body.reject(error as Error)
        }
      }
      waiting = waiting.slice(count)
      return {
        batches,
        cursors,
        bytes,
        more: waiting.length > 0,
        committed() {
          for (const { body, answer } of taken) body.resolve({ ...answer, head: store.head() })
        },
        failed(error) {
          for (const [key, value] of cursors) if (value) named.delete(key)
          for (const each of undo.reverse()) each()
          for (const [source, first] of firsts.reverse()) options.returnSequence(source, run, first)
          for (const { body } of taken) body.reject(error)
        },
      }
    },
    refuse(error) {
      for (const { reject } of waiting.splice(0)) reject(error)
    },
  }

  function remember(key: string, answer: { accepted: number; malformed: number }, cursors: Collected['cursors']): void {
    named.set(key, answer)
    cursors.set(key, answer)
    for (const oldest of named.keys()) {
      if (named.size <= mostNamed) return
      named.delete(oldest)
      cursors.set(oldest, null)
    }
  }
}
