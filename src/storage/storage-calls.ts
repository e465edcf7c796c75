// The border between the main thread and the storage's workers: how they are started, and what they may be asked.
import type { RetentionHold, RetentionReport, RetentionRequest, Retention } from '../contracts/retention.ts'
import type { SpoolOptions, SpoolPart, SpoolState } from '../contracts/hosts/spool.ts'
import type { Threshold } from '../contracts/request.ts'
import type { PipelineCalls } from '../pipeline/pipeline.ts'
import type { StageOptions } from '../shape/stage-chain.ts'
import type { SearchService } from './search-service.ts'

export interface StorageWorkerData extends StageOptions {
  stateDirectory: string
  store: string
  session: string
  /** Rules of retention. Default: everything is kept. */
  retention?: Retention
  /** Options by name; a sink that is not named is not used. */
  sinks: Record<string, unknown>
  /** Bounds of a spool. */
  spool?: SpoolOptions
  serviceNames: Record<string, string>
  /** Of what is kept. Default: everything is. */
  capture?: Threshold
}

/** Calls of the main thread. */
export interface StorageCalls extends PipelineCalls, SearchService {
  /** Of these sources, those whose records do not get to a sink now, each with the reason. */
  obstacles(sink: string, sources: readonly string[]): [source: string, reason: string][]
  /** See Storage. */
  isWritable(): boolean
  /** See Storage. */
  setCapture(threshold: Threshold): void
  /** See Storage. */
  setRetention(rules: Retention): void
  /** See `Store.hold`. */
  hold(): RetentionHold | undefined
  /** See `Store.retain`. */
  retain(request: RetentionRequest): Promise<RetentionReport> | RetentionReport
  /** Frames of all that is committed come with the news from now on; returns the head from which. */
  follow(): number
  unfollow(): void
  /** See `Spool`; undefined where the store is none. */
  readSpool(after: number, mostBytes: number): SpoolPart | undefined
  releaseSpool(through: number): void
  spoolState(): SpoolState | undefined
  close(): Promise<void>
}

/** The worker's first answer. */
export interface WorkerReady {
  head: number
  lastRuns: Record<string, number>
  /** The store can be read beside its writer, from another thread. */
  readable: boolean
}

export interface SearchWorkerData {
  store: string
  directory: string
}
