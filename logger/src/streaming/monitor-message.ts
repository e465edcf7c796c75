// Records as the messages of B3, the same that a hub sends on `/ws/monitor`.
import { isAudit } from '../../../src/text/audit.ts'
import type { AuditLogMessage, MonitorMessage, SystemLogMessage } from '../../../src/wire/dialect-messages.ts'
import { levelNameOf } from '../level/levels.ts'

export interface StreamedRecord {
  /** Unix milliseconds. */
  time: number
  /** pino's number of the level. */
  value: number
  logger: string
  message: string
  /** JSON text of the fields: `,"a":1`, or nothing. */
  json: string
}

/** Farther from 1970 there are no dates; Unix milliseconds. */
const latestMs = 8.64e15

export function monitorMessage({ time, value, logger, message, json }: StreamedRecord): MonitorMessage {
  const fields = json === '' ? {} : (JSON.parse(`{${json.slice(1)}}`) as Record<string, unknown>)
  const level = levelNameOf(value)
  const common = {
    timestamp: new Date(Math.min(Math.max(time, -latestMs), latestMs) || 0).toISOString(),
    // The dialect has no TRACE.
    level: level === 'TRACE' ? 'DEBUG' : level,
    logger,
    message,
  } satisfies Partial<SystemLogMessage['data']>
  const { is_audit: flag, isAudit: otherFlag, ...rest } = fields
  if (isFlag(flag) || isFlag(otherFlag) || isAudit(logger, message)) {
    return { type: 'audit_log', data: { ...common, ...auditPart(rest) } }
  }
  const unset = {
    ...(flag !== undefined && { is_audit: flag }),
    ...(otherFlag !== undefined && { isAudit: otherFlag }),
  }
  const { module = logger, function: name = '', line = 0, ...extra } = { ...rest, ...unset }
  const place = {
    module: typeof module === 'string' ? module : logger,
    function: typeof name === 'string' ? name : '',
    line: typeof line === 'number' ? line : 0,
  }
  return { type: 'system_log', data: { ...extra, ...common, ...place } }
}

function isFlag(value: unknown): boolean {
  return value === true || value === 'true'
}

function auditPart(fields: Record<string, unknown>): Partial<AuditLogMessage['data']> {
  const names = ['action', 'metadata', 'instance_id', 'event_type']
  return Object.fromEntries(names.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]))
}
