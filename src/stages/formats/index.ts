// Formats of lines that begin with their time, as shapes. A new one is its file and its line here; those that are functions have their place in
// `parse-text-line.ts`.
import { apache } from './apache.ts'
import { go } from './go.ts'
import { java } from './java.ts'
import { logboom } from './logboom.ts'
import { databases } from './databases.ts'
import { nginx } from './nginx.ts'
import { node } from './node.ts'
import { plainLevel } from './plain-level.ts'
import { postgres } from './postgres.ts'
import { python } from './python.ts'
import { rust } from './rust.ts'
import type { Shape } from './line/shape.ts'
import { syslog } from './syslog.ts'

/** In the order in which they are tried: the stricter first. */
const shapes: readonly Shape[] = [
  ...logboom,
  ...python,
  ...rust,
  ...java,
  ...go,
  ...node,
  ...nginx,
  ...apache,
  ...postgres,
  ...databases,
  ...syslog,
  ...plainLevel,
]

/** Character code → the shapes that can begin with it; of letters, those that can begin with two capitals. */
const byFirst: readonly Shape[][] = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  const kind = isLetter(code) ? 'A' : /\d/.test(character) ? '0' : character
  return shapes.filter(({ first }) => first.includes(kind))
})
const byWord: readonly Shape[] = shapes.filter(({ first }) => first.includes('a'))
const none: Shape[] = []

/** The shapes that what follows a time at `to` can have. */
export function shapesAt(head: string, to: number): readonly Shape[] {
  while (head.charCodeAt(to) === 32) to++
  const code = head.charCodeAt(to)
  return isLetter(code) && !(isCapital(code) && isCapital(head.charCodeAt(to + 1))) ? byWord : (byFirst[code] ?? none)
}

function isLetter(code: number): boolean {
  return isCapital(code) || (code >= 97 && code <= 122)
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90
}

/** Whether lines of stricter shapes have it as well, so that it must not be tried before them. */
export function isLoose(shape: Shape): boolean {
  return plainLevel.includes(shape)
}
