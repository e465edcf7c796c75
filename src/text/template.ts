// A message apart from its variables: `connected to <*> in <*> ms`. A pure function of the message, so that live,
// stored and archived records agree on it; store, query language and analysis all build on this one rule.
import { createHash } from 'node:crypto'
import { stripAnsi } from './ansi.ts'

/** Beyond so many variables, the rest of the message is the last one. */
export const maxVariables = 48

/** How a template is written; the mark stands for one variable. */
export const variableMark = '<*>'

const letter = 1
const digit = 2
const dot = 3
const hyphen = 4

/** By byte. Whatever is not ASCII counts as a letter. */
const classes = new Uint8Array(256).fill(letter, 128)
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code)
  if (/[A-Za-z_]/.test(char)) classes[code] = letter
  else if (/[0-9]/.test(char)) classes[code] = digit
}
classes[0x2e] = dot
classes[0x2d] = hyphen

/**
 * Places of the variables of the UTF-8 text `bytes[from, to)`: pairs of start and end in `places`, which has room for
 * `2 * maxVariables` numbers; returns how many pairs. A variable is a word with a digit in it. A word is letters, digits and
 * `_`, also joined by `.` between digits (10.0.0.1, 3.14) and by `-` between letters or digits (node-7, a UUID, a date).
 */
export function findVariables(bytes: Uint8Array, from: number, to: number, places: Uint32Array): number {
  let count = 0
  let at = from
  while (at < to) {
    let kind = classes[bytes[at]!]!
    if (kind !== letter && kind !== digit) {
      at++
      continue
    }
    const start = at
    let hasDigit = kind === digit
    for (at++; at < to; at++) {
      kind = classes[bytes[at]!]!
      if (kind === letter) continue
      if (kind === digit) hasDigit = true
      else if (kind === 0 || at + 1 === to) break
      else {
        const next = classes[bytes[at + 1]!]!
        if (kind === hyphen ? next !== letter && next !== digit : next !== digit || classes[bytes[at - 1]!] !== digit) {
          break
        }
      }
    }
    if (!hasDigit) continue
    places[count * 2] = start
    if (++count === maxVariables) {
      places[count * 2 - 1] = to
      return count
    }
    places[count * 2 - 1] = at
  }
  return count
}

const placesOfOne = new Uint32Array(2 * maxVariables)

/** The message, without terminal control sequences, with each variable replaced by `<*>`. */
export function templateOf(message: string): string {
  const bytes = Buffer.from(stripAnsi(message))
  const count = findVariables(bytes, 0, bytes.length, placesOfOne)
  let template = ''
  let at = 0
  for (let i = 0; i < count; i++) {
    template += bytes.toString('utf8', at, placesOfOne[i * 2]) + variableMark
    at = placesOfOne[i * 2 + 1]!
  }
  return template + bytes.toString('utf8', at)
}

/** The identity of a template, 16 hex digits: the same for ever and everywhere. */
export function templateId(template: string): string {
  return createHash('sha256').update(template).digest('hex').slice(0, 16)
}
