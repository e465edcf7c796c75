// Streaming in figures, as `/api/v1/clients` tells it.

/** Of one follower: a client has as many as it follows at once. */
export interface ClientView {
  /** Form of the stream: `follow`, `log_stream`, `monitor` … */
  stream: string
  query: string
  /** Unix milliseconds. */
  since: number
  /** Lines that were sent. */
  delivered: number
  /** Lines that were not, by cause: `slow-client`, `rate-limit`, `repeats`, `overload`; `unknown` is how often nobody knows how many. */
  dropped: Record<string, number>
  /** Bytes that were sent and are not taken yet. */
  queueBytes: number
  /** Records of the log that it has not come to, whether they match or not. */
  lag: number
}

export interface ClientsView {
  clients: ClientView[]
  /** Followers that ended by an error since the hub started, by its code. */
  errors: Record<string, number>
}
