// Rules of retention, and what came of keeping to them. Plain JSON, so that it crosses threads and wires.

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

/** A change of rules while they are in force: of the general one, or of that for sources that match. `null`: as configured. */
export interface RetentionChange {
  /** A pattern. */
  source?: string | undefined
  ageMs?: number | false | null | undefined
  bytes?: number | false | null | undefined
}

export const keepEverything: Retention = { ageMs: false, bytes: false, sources: [] }

export interface RetentionRequest {
  /** Default: what is in force. */
  rules?: Retention
  /** Only tell what would be removed. */
  dryRun?: boolean
}

/** Nothing is removed by itself for now, since the clock is in doubt. */
export interface RetentionHold {
  /** How much further the clock went than time; negative where it was set back. */
  jumpMs: number
  /** So much longer, by the machine's own count of time. */
  leftMs: number
}

/** For people; the same all the while. */
export function formatHold({ jumpMs }: Pick<RetentionHold, 'jumpMs'>): string {
  const hours = Math.abs(jumpMs) / 3_600_000
  const amount = hours < 48 ? `${Math.round(hours * 10) / 10} hours` : `${Math.round(hours / 24)} days`
  const jump = jumpMs > 0 ? `went ${amount} ahead of the time that has passed` : `was set back by ${amount}`
  return `The clock ${jump}: retention removes nothing for 24 hours, or until \`logboom store retain\` is called`
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
