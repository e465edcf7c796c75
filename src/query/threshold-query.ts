// Thresholds of what is shown, or kept, as a query: one rule for consoles, cards, streams and capture alike.
import { severities } from '../contracts/record.ts'
import type { Threshold } from '../contracts/request.ts'

/** Empty where everything is meant. */
export function thresholdQuery({ level, ofSources, withoutServices }: Threshold): string {
  const own = Object.entries(ofSources).filter(([, least]) => least !== level)
  const byLevel = Map.groupBy(own, ([, least]) => least)
  const levels = [...byLevel].map(([least, some]) => both(anyOf('source', some), atLeast(least)))
  const ofOthers = both(own.length > 0 ? `NOT ${anyOf('source', own)}` : '', atLeast(level))
  const services = withoutServices.map((name) => `-service:${quoted(name)}`).join(' ')
  return both(levels.length > 0 ? `(${[...levels, ofOthers].join(' OR ')})` : ofOthers, services)
}

const atLeast = (level: Threshold['level']): string => (severities[level] > 1 ? `level>=${level.toLowerCase()}` : '')

function anyOf(verb: string, items: readonly (readonly [name: string, unknown])[]): string {
  return `${verb}:(${items.map(([name]) => quoted(name)).join(' OR ')})`
}

const both = (a: string, b: string): string => [a, b].filter(Boolean).join(' ')

const quoted = (name: string): string => `"${name.replace(/["\\]/g, '\\$&')}"`
