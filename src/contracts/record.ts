// A log entry, the same in memory, on the wire and in the documentation; the words follow
// OpenTelemetry's log data model.

/** Origin of a line: a process's standard output or error, or a logger that wrote structured records. */
export type Stream = 'stdout' | 'stderr' | 'log'

/** `event`: lifecycle (started, exited …). `gap`: something is missing, and the record says what is known of it. */
export type Kind = 'system' | 'audit' | 'event' | 'gap'

export interface LogRecord {
  /** Position in this hub's log, growing by one per record; the cursor to resume from. */
  id: number
  /** When it happened: Unix milliseconds, fraction allowed. Equal to `observed` when the line names no time. */
  time: number
  /** When Logboom captured it: Unix milliseconds. */
  observed: number
  /** Stable name of the origin. */
  source: string
  /** Number of this life of the source, from 1. */
  run: number
  /** Capture sequence within the run, from 1, one counter over all its streams. */
  seq: number
  stream: Stream
  kind: Kind
  /** OpenTelemetry SeverityNumber, 1 to 24; see `severityName`. */
  severity: number
  /** Logger name, dotted, where the line names one. */
  logger?: string
  /** The text, always valid Unicode; ANSI sequences are kept. */
  message: string
  /**
   * Values as JSON has them. Numbers that `JSON.stringify` would write otherwise than they came are of class `WrittenNumber`, and a
   * key that came several times has all its values, as `RepeatedValues`.
   */
  fields?: Record<string, unknown>
  /** 32 hex digits. */
  traceId?: string
  /** 16 hex digits. */
  spanId?: string
  /** Id of the session (life of the hub) that captured it. */
  session: string
}

/** A record as it leaves a hub: with the names that people call its level and its service by. */
export interface NamedRecord extends LogRecord {
  level: SeverityName
  service: string
}

/** First part of a logger's name, or of a source's → what people call the service; of the configuration. */
export type ServiceNames = Readonly<Record<string, string>>

/** Names of the services of records. */
export interface Services {
  names: ServiceNames
  nameOf(source: string, logger?: string): string
}

export const streams: readonly Stream[] = ['stdout', 'stderr', 'log']
export const kinds: readonly Kind[] = ['system', 'audit', 'event', 'gap']

export const severities = { TRACE: 1, DEBUG: 5, INFO: 9, WARNING: 13, ERROR: 17, CRITICAL: 21 } as const
export type SeverityName = keyof typeof severities

/** From the least severe to the most. */
export const severityNames = Object.keys(severities) as readonly SeverityName[]

/** What to tell people whose level was not understood. */
export const levelExamples: string = severityNames.join(', ').toLowerCase()

/** SeverityNumber 1–24 → the name people read: 1–4 TRACE, 5–8 DEBUG, … 21–24 CRITICAL. */
export function severityName(severity: number): SeverityName {
  return severityNames[Math.min(5, Math.max(0, (severity - 1) >> 2))]!
}

const synonyms: Record<string, SeverityName> = {
  trc: 'TRACE',
  verbose: 'TRACE',
  silly: 'TRACE',
  finest: 'TRACE',
  finer: 'TRACE',
  dbg: 'DEBUG',
  fine: 'DEBUG',
  debug: 'DEBUG',
  inf: 'INFO',
  information: 'INFO',
  informational: 'INFO',
  notice: 'INFO',
  log: 'INFO',
  http: 'INFO',
  config: 'INFO',
  warn: 'WARNING',
  wrn: 'WARNING',
  err: 'ERROR',
  severe: 'ERROR',
  eror: 'ERROR',
  crit: 'CRITICAL',
  fatal: 'CRITICAL',
  ftl: 'CRITICAL',
  alert: 'CRITICAL',
  emerg: 'CRITICAL',
  emergency: 'CRITICAL',
  panic: 'CRITICAL',
  critical: 'CRITICAL',
}

/** A level's name in any customary spelling (`warn`, `ERR`, `Fatal` …) → its SeverityNumber; undefined when it is none. */
export function parseSeverity(name: string): number | undefined {
  const upper = name.toUpperCase()
  if (upper in severities) return severities[upper as SeverityName]
  const known = synonyms[name.toLowerCase()]
  return known && severities[known]
}
