// What can be asked of the log, by search, export and follow alike; plain JSON, so that it crosses threads and wires.

export interface SearchRequest {
  /** In the query language; empty or absent matches everything. */
  query?: string
  /** Only records with a greater id. */
  after?: number
  /** Only records with a smaller id. */
  before?: number
  /** Only records with `time` at or after; Unix milliseconds. */
  since?: number
  /** Only records with `time` before; Unix milliseconds. */
  until?: number
  /** By id. Default: newest first. */
  order?: 'newest' | 'oldest'
  /** At most so many records. */
  limit?: number
}
