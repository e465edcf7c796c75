// A stream that its followers share, as those see it who decide what it leaves out. Types only, so that a channel depends on nothing of
// how it is done.
import type { RecordPlace } from '../../query/read/records-of.ts'
import type { News } from '../codec.ts'

export interface Sieve {
  /** Whether the record goes out; else it is counted. */
  passes(place: RecordPlace): boolean
  /** Nothing goes out now, so that records need not be looked at. */
  isShut(): boolean
  /** Records between these were not looked at: those that match are counted in the store, when there is time. */
  missed(after: number, before: number): void
  /** Tells of what was held back since the last report. */
  report(): News[]
}

export interface SheddingStream {
  load(): StreamingLoad
  /** To tell what is missing, as far as it is to be told now. */
  tell(): void
}

export interface StreamingLoad {
  /** Age of the oldest commit that is still to be worked off. */
  behindMs: number
  /** More came than may wait, since this was asked last. */
  isOverrun: boolean
}
