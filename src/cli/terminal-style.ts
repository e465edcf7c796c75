// Colours of the console: which ones, and whether at all.
import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'
import { severityName, type SeverityName } from '../contracts/record.ts'

export type Style = Parameters<typeof styleText>[0]

/** Paints text, or gives it back as it is. */
export type Paint = (style: Style, text: string) => string

/** Colours for a terminal that wants them: NO_COLOR and TERM=dumb say no, FORCE_COLOR says yes. */
export function wantsColor(
  stream: NodeJS.WriteStream | WriteStream,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  if (environment.NO_COLOR) return false
  if (environment.FORCE_COLOR !== undefined) return environment.FORCE_COLOR !== '0'
  return stream.isTTY && environment.TERM !== 'dumb'
}

export function createPaint(color: boolean): Paint {
  return (style, text) => (color && text !== '' ? styleText(style, text, { validateStream: false }) : text)
}

/** Colours of D2. */
const levelStyles: Record<SeverityName, Style> = {
  TRACE: 'dim',
  DEBUG: 'cyan',
  INFO: 'green',
  WARNING: 'yellow',
  ERROR: 'red',
  CRITICAL: ['bold', 'magenta'],
}

export function severityStyle(severity: number): Style {
  return levelStyles[severityName(severity)]
}

// Readable on dark and on light ground, and none that already means a level.
const sourcePalette = [39, 208, 141, 71, 170, 37, 179, 105, 203, 67, 137, 99]

const given = new Map<string, number>()

/** A name in a colour that is the same today and tomorrow; one that is taken gives way to the next that is free. */
export function paintSource(name: string, text: string): string {
  return `\u001b[38;5;${sourcePalette[sourceColor(name)]}m${text}\u001b[39m`
}

function sourceColor(name: string): number {
  const known = given.get(name)
  if (known !== undefined) return known
  let hash = 2166136261
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619)
  let index = ((hash ^ (hash >>> 15)) >>> 0) % sourcePalette.length
  const taken = new Set(given.values())
  while (taken.size < sourcePalette.length && taken.has(index)) index = (index + 1) % sourcePalette.length
  // A name in a million must not make this grow without end.
  if (given.size < 1000) given.set(name, index)
  return index
}
