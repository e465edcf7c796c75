// Questions that the benchmark asks of everything that keeps logs, so that all are asked the same.
import type { Needles } from './needles.ts'
import type { Truth } from './generate.ts'

/** In the order in which they are asked. */
export const queryNames = [
  'rare token',
  'rare word',
  'rare word, newest one',
  'substring',
  'regular expression',
  'level>=error, last 200',
  'one source, last 200',
  'no filter, last 200',
  'histogram',
  'facets',
  'count of a common word',
] as const

export type QueryName = (typeof queryNames)[number]

/** Records in an answer that gives the newest of many. */
export const pageRecords = 200

/** Records to search in, and the needles that are there. */
export interface Subject {
  /** Newline JSON; `fieldNames` in generate.ts are its fields. */
  file: string
  needles: Needles
  truth: Truth
  /** Event times, Unix milliseconds: all are in [from, to). */
  from: number
  to: number
}

export interface Answer {
  milliseconds: number
  /** Records found: those returned where records are, all counted where counts are. */
  hits: number
}

export interface Usage {
  /** User and system, of all its processes and lives. */
  cpuSeconds: number
  peakMb: number
}

export interface Peer {
  /** Takes in a file of newline JSON; resolves when all of it was acknowledged. */
  ingest(file: string, pace?: { recordsPerSecond: number }): Promise<void>
  /**
   * Resolves when all is durable and in the form in which it stays, with the seconds that this took beyond its work: waiting
   * to be sure, starting again.
   */
  settle(): Promise<number>
  /** Ends what answers and starts it again, so that the next answer is its first. */
  restart(): Promise<void>
  /** Nothing where it has no such query. */
  query(name: QueryName): Promise<Answer | undefined>
  usage(): Usage
  bytesOnDisk(): number
  /** Address that answers over HTTP: a cheap request, to see whether it still answers at once. */
  pingUrl?: string
  /** Ends everything it started. */
  close(): Promise<void>
}

export interface PeerType {
  name: string
  /** How it takes part: what is fair to know when looking at its figures. */
  about: string
  /** Why it cannot take part here, and what would change that. */
  missing?(): string | undefined
  /** `directory` is its own and empty. */
  open(directory: string, subject: Subject): Promise<Peer>
}

/** Number of hits that every peer must find. */
export function expectedHits(name: QueryName, { needles, truth }: Subject): number {
  const { records, hits, levels, sources } = truth
  const page = (count: number | undefined): number => Math.min(pageRecords, count ?? 0)
  switch (name) {
    case 'rare token':
      return hits.rareToken
    case 'rare word':
      return hits.rareWord
    case 'rare word, newest one':
      return Math.min(1, hits.rareWord)
    case 'substring':
      return hits.substring
    case 'regular expression':
      return hits.regularExpression
    case 'level>=error, last 200':
      return page((levels.ERROR ?? 0) + (levels.FATAL ?? 0))
    case 'one source, last 200':
      return page(sources[needles.source])
    case 'no filter, last 200':
      return page(records)
    case 'histogram':
    case 'facets':
      return records
    case 'count of a common word':
      return hits.commonWord
  }
}
