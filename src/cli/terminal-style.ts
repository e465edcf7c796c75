// Colours of the console: which ones, and whether at all.
import type { WriteStream } from 'node:tty'
import { severityName } from '../contracts/record.ts'

/** Paints text, or gives it back as it is. */
export type Paint = (style: string, text: string) => string

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
  return (style, text) => (color && style !== '' && text !== '' ? `\u001b[${style}m${text}\u001b[0m` : text)
}

export const styles = { bold: '1', dim: '2', red: '31', green: '32', yellow: '33', cyan: '36' } as const

/** D2: DEBUG cyan, INFO green, WARNING yellow, ERROR red, CRITICAL magenta. */
export function severityStyle(severity: number): string {
  return { TRACE: '2', DEBUG: '36', INFO: '32', WARNING: '33', ERROR: '31', CRITICAL: '1;35' }[severityName(severity)]
}

// Readable on dark and on light ground, and none that already means a level.
const sourcePalette = [39, 208, 141, 71, 170, 37, 179, 105, 203, 67, 137, 99].map((color) => `38;5;${color}`)

const given = new Map<string, number>()

/** The same colour for the same name, today and tomorrow; one that is taken gives way to the next that is free. */
export function sourceStyle(name: string): string {
  let index = given.get(name)
  if (index === undefined) {
    let hash = 2166136261
    for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619)
    index = ((hash ^ (hash >>> 15)) >>> 0) % sourcePalette.length
    const taken = new Set(given.values())
    while (taken.size < sourcePalette.length && taken.has(index)) index = (index + 1) % sourcePalette.length
    // A name in a million must not make this grow without end.
    if (given.size < 1000) given.set(name, index)
  }
  return sourcePalette[index]!
}
