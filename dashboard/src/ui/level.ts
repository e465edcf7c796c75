// How a level looks: its colour and its short name, the same everywhere.
import { severities, severityName, type SeverityName } from '../../../src/contracts/record.ts'

export const levelNames = Object.keys(severities) as readonly SeverityName[]

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
