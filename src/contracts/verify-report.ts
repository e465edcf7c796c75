// The fate of every record of every run, and the faults of a store; plain JSON.

/** captured = stored + removed + dropped + gaps + missing, and `missing` should be 0. */
export interface RunAccount {
  source: string
  run: number
  /** Highest sequence that was given out. */
  captured: number
  stored: number
  /** By retention. */
  removed: number
  /** Left out because a rule said so. */
  dropped: number
  /** Lost, and gap records say how many. */
  gaps: number
  /** Lost, and nothing says why. */
  missing: number
  /** Faults in words: which records are missing, or come twice. */
  faults: string[]
}

export interface StoreProblem {
  /** Name of the file in the store's directory. */
  file?: string
  /** A sentence. */
  what: string
}

export interface VerifyReport {
  directory: string
  files: number
  records: number
  bytes: number
  problems: StoreProblem[]
  /** By source and run. */
  runs: RunAccount[]
}

export interface VerifyOptions {
  /** Decode every record, not only what numbers them; checksums are compared anyway. */
  thorough: boolean
  progress?(doneBytes: number, totalBytes: number): void
}

export interface RepairReport {
  /** Repairs, a sentence each; empty when nothing was wrong. */
  done: string[]
  /** Files with the damaged bytes. */
  setAside: string[]
}
