// Levels: the names that applications write, pino's numbers, and the names that lines show (D2).
import { parseSeverity, severityName, type SeverityName } from '../../../src/contracts/record.ts'

/** Name in lines and messages. */
export type LevelName = 'TRACE' | 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL'

type LowerLevel = 'trace' | 'debug' | 'info' | 'warn' | 'warning' | 'error' | 'critical' | 'fatal' | 'silent'

/** `fatal` is CRITICAL; `silent` is above all. */
export type Level = LowerLevel | Uppercase<LowerLevel>

/** pino's numbers and labels. */
const labels: Readonly<Record<SeverityName, readonly [value: number, label: string]>> = {
  TRACE: [10, 'trace'],
  DEBUG: [20, 'debug'],
  INFO: [30, 'info'],
  WARNING: [40, 'warning'],
  ERROR: [50, 'error'],
  CRITICAL: [60, 'critical'],
}

export const levelNames: readonly LevelName[] = Object.keys(labels) as LevelName[]
export const warningValue: number = labels.WARNING[0]

/** Levels that pino does not have by itself. */
export const addedLevels: Readonly<Record<string, number>> = {
  warning: labels.WARNING[0],
  critical: labels.CRITICAL[0],
}

/** A level in any customary spelling → pino's label, e.g. `WARN` → `warning`; undefined when there is no such level. */
export function parseLevel(text: string): string | undefined {
  const plain = text.trim()
  if (/^(silent|off|none)$/i.test(plain)) return 'silent'
  const severity = parseSeverity(plain)
  return severity === undefined ? undefined : labels[severityName(severity)][1]
}

/** A level in any customary spelling → pino's number; undefined when there is no such level. */
export function parseLevelValue(text: string): number | undefined {
  const severity = parseSeverity(text.trim())
  return severity === undefined ? undefined : labels[severityName(severity)][0]
}

/** pino's number → name; a number between two levels has the name of the lower. */
export function levelNameOf(value: number): LevelName {
  return levelNames[indexOf(value)]!
}

/** pino's number → OpenTelemetry's SeverityNumber. */
export function severityOf(value: number): number {
  return indexOf(value) * 4 + 1
}

/** NaN is INFO. */
function indexOf(value: number): number {
  const index = Math.floor(value / 10) - 1
  return Number.isNaN(index) ? levelNames.indexOf('INFO') : Math.min(5, Math.max(0, index))
}

export const levelHint: string = `Levels are ${Object.values(labels)
  .map(([, label]) => label)
  .join(', ')} and silent.`
