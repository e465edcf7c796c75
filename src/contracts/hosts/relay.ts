// Records that another host has captured, shaped and numbered: handed on as frames, taken in once.

export interface RelayRequest {
  /** Id of the agent's state, by which its own numbers are told apart from those of others. */
  agent: string
  /** Name of the host; its sources are `HOST/NAME` here. */
  host: string
  /** The agent's id of the last record that was handed on before these; absent: whatever comes is the first. */
  after?: number
  /** The agent's id of the last of these. */
  through: number
  /** Added to its times where the clocks differ; 0 where they agree. */
  skewMs: number
}

/** Of the agent's records: how far they are here, and what its runs are called here. */
export interface RelayPlace {
  /** The agent's id of the last record that is here; absent: none is. */
  through?: number
  /** By the agent's name of a source: added to the number of its run. */
  runs: Readonly<Record<string, number>>
}
