// The part of the log that a caller may see, as it travels beside every question: plain data, so that it crosses threads.

/** Numbers of runs, by source. */
export type RunsBySource = ReadonlyMap<string, ReadonlySet<number>>

export interface Within {
  /** In the query language; of those who see everything there is no `Within`. */
  query: string
  /** Runs of the jobs of a user: those of their records that match this `query` are seen, too. Runs of later jobs are added. */
  own?: { owner: string; runs: RunsBySource; query: string }
}

/** For people: what may be seen; empty: everything. */
export function formatWithin(within: Within | undefined): string {
  if (!within) return ''
  return within.own ? `${within.query}, or belongs to own jobs` : within.query
}
