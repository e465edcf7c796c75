// Requests of the main thread to the storage worker. The worker itself is storage-worker.ts; `openStorage`
// (open-storage.ts) starts it and gives this interface.
import type { RecordBatch } from './batch.ts'
import type { LogboomError } from './errors.ts'
import type { Services } from './record.ts'
import type { RelayPlace, RelayRequest } from './hosts/relay.ts'
import type { SearchRequest, Summary, SummaryRequest, Threshold } from './request.ts'
import type { Retention, RetentionHold, RetentionReport, RetentionRequest } from './retention.ts'
import type { SourceStorage } from './source-storage.ts'
import type { SearchPage } from './store.ts'
import type { SpoolPart, SpoolState } from './hosts/spool.ts'
import type { StoreInfo } from './store-info.ts'

/** `head`: the highest id committed with, or before, these batches. */
export type CommitListener = (batches: RecordBatch[], head: number, missed: boolean) => void

/** News of lines that are captured and cannot be committed. */
export interface UnkeptNews {
  /** Lines with smaller numbers do not wait any more: they are committed, or lost. */
  first: number
  /** `number` is that of the first line; each line that follows has one more. */
  added: { number: number; batch: RecordBatch }[]
}

/** A body of records, and what is known of it beside its bytes. */
export interface IngestRequest {
  /** JSON objects a line, JSON whole (a list of objects or one), or a record a line whatever is in it. */
  form: 'ndjson' | 'json' | 'text'
  /** Of records that do not name theirs. */
  source: string
  /** Records may name theirs, by the key `source` or `service`. */
  named: boolean
  /** But not so: names of sources that are not fed from outside. */
  taken: readonly string[]
  /** Patterns: and only so, where the sender may not send to all. */
  granted?: readonly string[]
  /** A name for this body: what of it was committed under it is not committed again. */
  batch?: string | undefined
}

/** Of a body so far: its records, those of malformed lines among them, and lines that are no JSON objects. */
export interface IngestCounts {
  accepted: number
  malformed: number
}

export interface IngestAnswer extends IngestCounts {
  /** The store's head after the commit. */
  head: number
  /** All of it was committed before, with these counts. */
  repeated?: true
  /** Number of records that were committed before: a body with its name broke off there. */
  earlier?: number
  /** Why the rest could not be committed. */
  error?: Pick<LogboomError, 'code' | 'message' | 'hint'>
}

/** See `Spool`; asked across threads. */
export interface RemoteSpool {
  read(after: number, mostBytes: number): Promise<SpoolPart | undefined>
  release(through: number): Promise<void>
  state(): Promise<SpoolState | undefined>
}

export interface Storage {
  /** Highest committed id. */
  head(): number
  /** As they were when it was opened: see Store. */
  lastRuns: Readonly<Record<string, number>>
  /** Names of the services of its records. */
  services: Services
  /** The storage of one source, in the name of this session. */
  ofSource(source: string): SourceStorage
  /**
   * Resolves when the records are committed, in one commit or in several; of a larger body the answer may have an `error`
   * and tell how far it got. Rejects when none of them are committed. The bytes go to the worker, with the whole of their
   * buffer.
   */
  ingest(request: IngestRequest, body: Uint8Array<ArrayBuffer>): Promise<IngestAnswer>
  /**
   * Takes in records of another host, in one commit with the place that they reach; those that are here already are passed over.
   * `frames` is compressed by zstd and goes to the worker. Rejects with `relay-out-of-order` where records before them are missing.
   */
  relay(request: RelayRequest, frames: Uint8Array<ArrayBuffer>): Promise<RelayPlace>
  relayPlace(agent: string): Promise<RelayPlace>
  /** What is on its way to another store; a store that keeps its records has none. */
  spool: RemoteSpool
  search(request: SearchRequest, signal?: AbortSignal): AsyncIterable<SearchPage>
  /** See `StoreReader.summarize`. */
  summarize(request: SummaryRequest, signal?: AbortSignal): AsyncIterable<Summary>
  /** Calls back with the head after each commit of records; gives what ends that. */
  onHead(listener: (head: number) => void): () => void
  /**
   * Every batch committed from now on, in commit order. Resolves with the head at which the listener starts: it gets
   * exactly the records with greater ids, but for those between two calls where `missed` says that this thread could
   * not keep up; they are in the store.
   */
  follow(listener: CommitListener): Promise<{ head: number; close(): void }>
  /**
   * Lines that are captured and cannot be committed now: the newest of them, as they come and go, with numbers in place of
   * ids. Gives what ends that.
   */
  onUnkept(listener: (news: UnkeptNews) => void): () => void
  /** Figures of the store. */
  info(): Promise<StoreInfo>
  /** See `Store.retain`. */
  retain(request: RetentionRequest): Promise<RetentionReport>
  /** From now on what is below is not kept; resolves when that is so. */
  setCapture(threshold: Threshold): Promise<void>
  /** See `Store.setRetention`. */
  setRetention(rules: Retention): Promise<void>
  /** See `Store.hold`. */
  hold(): Promise<RetentionHold | undefined>
  /** False while what is captured waits for a store that cannot be written. */
  isWritable(): Promise<boolean>
  /** Trouble that lasts, for people: "disk full since …". Empty when all is well. */
  trouble(): Promise<string[]>
  /** Of these sources, those whose records do not get to a sink now, and why not. */
  obstacles(sink: string, sources: readonly string[]): Promise<ReadonlyMap<string, string>>
  /**
   * From now on nobody waits for a store that cannot be written: pushes, drains and finishes reject, and what they
   * were for is left to the next hub, as the last commit left it.
   */
  endWaiting(): Promise<void>
  /** Commits what is in memory, saves the sinks, ends the workers. */
  close(): Promise<void>
}
