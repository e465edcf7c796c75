// What a store keeps, as rules, and what came of keeping to them. Plain JSON, so that it crosses threads and wires.

/** `false`: no limit. */
export interface Limit {
  ageMs: number | false
  bytes: number | false
}

/** For each source whose name matches; what it does not say, the general rule says. */
export interface SourceLimit extends Partial<Limit> {
  /** `api*` */
  pattern: string
}

/** `bytes` is for everything in the store's directory; that of a source for what it has there. */
export interface Retention extends Limit {
  /** The first that matches counts. */
  sources: SourceLimit[]
}

export const keepEverything: Retention = { ageMs: false, bytes: false, sources: [] }

export interface RetentionRequest {
  /** Default: what is in force. */
  rules?: Retention
  /** Only tell what would be removed. */
  dryRun?: boolean
}

export interface RetentionReport {
  /** Removed, or to be removed. */
  records: number
  bytes: number
  /** Most records first. */
  sources: { source: string; records: number; bytes: number }[]
  /** Capture days of what was removed, UTC. */
  days: string[]
}
