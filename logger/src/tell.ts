// The logger's own words to people, on standard error: each kind of trouble once, and never through the logger itself (C13).
import { writeSync } from 'node:fs'
import { escapeTerminal } from '../../src/text/ansi.ts'

const told = new Set<string>()
/** Kinds of trouble are few; a mistake in their names must not fill the memory. */
const maxKinds = 1000

/** Prints the text unless trouble of this kind was told before. */
export function tell(kind: string, text: string): void {
  if (told.has(kind) || told.size >= maxKinds) return
  told.add(kind)
  try {
    // Parts of it are words of others: errors, and answers of hubs.
    writeSync(2, `logboom-logger: ${escapeTerminal(text)}\n`)
  } catch {
    // Standard error may be closed; there is nobody else to tell.
  }
}

/** Trouble of this kind is over: the next one is told again. */
export function healed(kind: string): void {
  told.delete(kind)
}

/** The reason of a failed call, as people read it. */
export function reasonOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error)
  } catch {
    return 'an error that cannot be shown'
  }
}
