// The records that are generated, as JSON has them.

export interface GeneratedRecord {
  /** ISO 8601 with milliseconds, UTC. */
  time: string
  level: string
  source: string
  logger: string
  message: string
  host: string
  pid: number
  thread: string
  request_id?: string
  duration_ms: number
  trace_id?: string
}

export const fieldNames: readonly (keyof GeneratedRecord)[] = [
  'time',
  'level',
  'source',
  'logger',
  'message',
  'host',
  'pid',
  'thread',
  'request_id',
  'duration_ms',
  'trace_id',
]
