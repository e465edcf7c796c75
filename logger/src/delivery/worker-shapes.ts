// Messages between the application's thread and the delivery's worker.
import type { Chunk } from './chunk.ts'
import type { TakeOverOptions } from './recover/take-over.ts'
import type { PosterOptions } from './post/open-poster.ts'

export interface WorkerStart {
  poster: PosterOptions
  takeOver: TakeOverOptions
  /** Spools whose owners may still live, somewhere else. */
  undecided: number
  owner: string
  maxSpoolBytes: number
  /** Of the spool's lock. */
  memory: SharedArrayBuffer
}

/** `look`: the application's thread has written a segment itself. */
export type ToWorker = { chunk: Chunk } | 'look' | 'close'

/** Told after each chunk and each answer of the hub. */
export interface FromWorker {
  /** Number of the last chunk that is in the spool. */
  done: number
  isEmpty: boolean
  /** The hub takes what it is sent. */
  isWell: boolean
  isClosed: boolean
}
