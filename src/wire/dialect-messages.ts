// The messages of the dialects, word for word as clients of the original systems know them (SPEC A5, B3, C6, E6).
import type { SeverityName } from '../contracts/record.ts'

/** Level names of most dialects: there is no TRACE. */
export type DialectLevel = Exclude<SeverityName, 'TRACE'>

/** `/ws` and `/ws/dashboard/`, to the client. */
export type LogStreamMessage =
  | {
      type: 'log_stream'
      data: {
        source: string
        level: Exclude<DialectLevel, 'CRITICAL'>
        message: string
        /** Unix seconds, with a fraction. */
        timestamp: number
        process_id: string
      }
    }
  /** Unix seconds, or what the client's ping had. */
  | { type: 'ping'; timestamp: number }
  | { type: 'pong'; timestamp: unknown }

/** `/ws` and `/ws/dashboard/`, from the client. */
export type LogStreamRequest = { type: 'ping'; timestamp?: unknown } | { type: 'get_recent_messages' }

/** `/ws/monitor` and `/ws/logs`. */
export type MonitorMessage = SystemLogMessage | AuditLogMessage

export interface SystemLogMessage {
  type: 'system_log'
  data: {
    /** UTC with milliseconds: `2025-10-08T18:30:45.123Z`. */
    timestamp: string
    level: DialectLevel
    logger: string
    message: string
    module: string
    function: string
    line: number
    /** Other fields of the record, such as `instance_id`. */
    [extra: string]: unknown
  }
  /** See `SubscribeRequest`. */
  cursor?: number
}

export interface AuditLogMessage {
  type: 'audit_log'
  data: {
    timestamp: string
    level: DialectLevel
    logger: string
    message: string
    action?: string
    metadata?: Record<string, unknown>
    instance_id?: unknown
    event_type?: unknown
  }
  /** See `SubscribeRequest`. */
  cursor?: number
}

/** Options that a client of `/ws/monitor` or `/ws/logs` may ask for, by parameters of the address or as this message. */
export interface SubscribeRequest {
  type: 'subscribe'
  /** The least severe. */
  level?: string
  /** Names, with `*` for any characters. */
  logger?: string
  source?: string
  /** Part of the message. */
  text?: string
  /** Everything after this cursor, then live; messages carry cursors. */
  after?: number
  /** Messages carry the `cursor` to resume from behind them. */
  cursors?: boolean
  /** The newest so many lines, then live. */
  replay?: number
  /** Messages come several at a time, as JSON arrays. */
  batch?: boolean
}

/** `/ws/events`; the `data` is what Socket.IO's main namespace gives with the event `cantina_event`. */
export interface CantinaEventMessage {
  event: 'cantina_event'
  data: CantinaEventData
}

export interface CantinaEventData {
  /** Local time with milliseconds and offset: `2025-06-08T14:25:30.123+02:00`. */
  timestamp: string
  level: DialectLevel
  service: string
  message: string
  topic: 'system_log'
}

/** `/ws/events?topic=/dashboard/log`. */
export interface DashboardLogMessage extends Omit<CantinaEventData, 'topic'> {
  session_id: string
  entry_id: string
}

/** Event `log:initial` of Socket.IO's namespace `/logs`. */
export interface LogInitialEvent {
  logId: string | number
  status: string
  output: string
  error: string | null
  startTime: string | null
  endTime: string | null
  duration: number | null
}

/** Event `log:line` of the namespace `/logs`, and of the main one after `join:log`. */
export interface LogLineEvent {
  logId: string | number
  jobId: string
  line: string
  stream: 'stdout' | 'stderr'
  timestamp: string
}

/** Event `log:update` of the namespace `/logs`. */
export interface LogUpdateEvent {
  logId: string | number
  status: string
  timestamp: string
  timing: { startedAt: string; completedAt: string | null; duration: number | null }
  execution: { exitCode: number | null; status: string }
}
