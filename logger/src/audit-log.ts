// Records of kind audit (B2, B5), whatever the logger is called.
import { parseLevel } from './level/levels.ts'
import type { Level } from './level/levels.ts'
import type { Logger, LogFunction } from './logger.ts'

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
export function auditLog(
  logger: Logger,
  message: string,
  { action, metadata, level = 'info' }: AuditDetails = {},
): void {
  const method = parseLevel(level)
  if (method === undefined || method === 'silent') throw new TypeError(`auditLog: there is no level "${level}".`)
  const fields = {
    is_audit: true,
    ...(action !== undefined && { action }),
    ...(metadata !== undefined && { metadata }),
  }
  // Not as format: a message with % in it stays as it is.
  ;(logger as unknown as Record<string, LogFunction>)[method]!({ ...fields, msg: message })
}
