// How a level looks: its colour and its short name, the same everywhere.
import { severityName, type SeverityName } from '../../../src/contracts/record.ts'

const shortNames: Record<SeverityName, string> = {
  TRACE: 'TRACE',
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARNING: 'WARN',
  ERROR: 'ERROR',
  CRITICAL: 'CRIT',
}

export function shortLevel(severity: number): string {
  return shortNames[severityName(severity)]
}

/** A CSS colour of the theme. */
export function levelColor(level: SeverityName): string {
  return `var(--level-${level.toLowerCase()})`
}
