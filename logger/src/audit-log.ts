// Records of kind audit (B2, B5), whatever the logger is called.
import { levelHint, parseLevel } from './level/levels.ts'
import type { Level } from './level/levels.ts'
import type { Logger, LogFunction } from './logger.ts'
import { messageText, readableCopy } from './record/cannot-be-shown.ts'
import { tell } from './tell.ts'

export interface AuditDetails {
  /** Customary: instance_spawn, instance_terminate, message_sent, message_received, state_change, coordination_start, coordination_complete, error, timeout. */
  action?: string
  metadata?: Readonly<Record<string, unknown>>
  /** Default: info. */
  level?: Exclude<Level, 'silent' | 'SILENT'>
}

/**
 * Logs an audit record.
 * @example
 * auditLog(logger, 'Instance spawned', { action: 'instance_spawn', metadata: { instance_id: 'i-1' } })
 */
export function auditLog(logger: Logger, message: string, details: AuditDetails = {}): void {
  const { action, metadata, level = 'info' } = readableCopy(details) as AuditDetails
  const fields = {
    is_audit: true,
    ...(action !== undefined && { action }),
    ...(metadata !== undefined && { metadata }),
  }
  // Not as format: a message with % in it stays as it is.
  ;(logger as unknown as Record<string, LogFunction>)[methodOf(level)]!({ ...fields, msg: message })
}

/** A level that is none must not keep an audit record from being written. */
function methodOf(level: unknown): string {
  const method = parseLevel(messageText(level))
  if (method !== undefined && method !== 'silent') return method
  const shown = messageText(level).slice(0, 40)
  tell('audit level', `auditLog: there is no level "${shown}"; the record is logged as INFO. ${levelHint}`)
  return 'info'
}
