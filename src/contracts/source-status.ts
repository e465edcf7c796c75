// How a source is, for people and programs that look at it: plain JSON, the same over HTTP and on the page.

/** Card states of A10. Sources that are not processes are `running` or `stopped`. */
export type SourceState =
  | 'starting'
  | 'running'
  | 'ready'
  | 'stopping'
  | 'stopped'
  | 'exited'
  | 'crashed'
  | 'restarting'
  | 'crash-looping'

export interface RunExit {
  /** Exit code, or null when a signal ended it or nobody could see (`known` false). */
  code: number | null
  signal: string | null
  /** Unix milliseconds. */
  at: number
  /** False when it ended while no hub was looking. */
  known: boolean
}

export interface SourceStatus {
  name: string
  type: string
  state: SourceState
  /** The current or last run, 0 before the first. */
  run: number
  pid?: number
  /** The command, for people. */
  command?: string
  /** Start of the current run, Unix milliseconds. */
  startedAt?: number
  /** How the last run ended. */
  exit?: RunExit
  /** Restarts since the hub (or its predecessor) first started it. */
  restarts: number
  /** When the next automatic restart comes, Unix milliseconds. */
  restartAt?: number
  /** Share of one core, 1 = one whole core, over the whole process tree. */
  cpu?: number
  /** Resident bytes of the whole process tree. */
  memoryBytes?: number
  /** Bytes in its files that are not read yet; only what reads files of others has it. */
  backlogBytes?: number
  /** True when this hub found it running. */
  adopted?: boolean
  /** Sources that wait for this one wait until it is ready, not only running. */
  saysReady?: boolean
  /** When it is started by the clock. */
  schedule?: ScheduleStatus
  /** The other host that it is on; absent for those of this one. */
  host?: {
    name: string
    connected: boolean
  }
  /** One line for people: why it is in this state, where that is not plain. */
  detail?: string
}

/** A process of those that a source has started. */
export interface ProcessView {
  pid: number
  parent: number
  /** Run of the process: after a run's own process has ended, others may be left of it. */
  run: number
  command: string
  /** Unix milliseconds. */
  startedAt: number
  /** Share of one core, 1 = one whole core, without its children. */
  cpu: number
  /** Resident. */
  memoryBytes: number
  /** Set when it left the session of the run's process, or has no parent in the run any more. A stop ends it all the same. */
  escaped?: true
}

export interface ScheduleStatus {
  /** For people. */
  text: string
  /** Unix milliseconds; absent while it is stopped. */
  nextAt?: number | undefined
  /** Firings since the hub came that found the run before still going on. */
  skipped: number
}
