// The template of a message that lies in a batch as bytes, in a form that is cheap to make and to compare: millions of
// messages share few templates.
import { findVariables, maxVariables, variableMark } from '../../text/template.ts'

const places = new Uint32Array(2 * maxVariables)
const mark = Buffer.from(variableMark)
const scratch = Buffer.alloc(4096)

/** The template of `bytes[from, to)`, its UTF-8 bytes read as Latin-1. */
export function latinTemplate(bytes: Uint8Array, from: number, to: number): string {
  const count = findVariables(bytes, from, to, places)
  const most = to - from + count * mark.length
  // Memory for a long line is not kept.
  const target = most <= scratch.length ? scratch : Buffer.alloc(most)
  let length = 0
  let at = from
  for (let i = 0; i < count; i++) {
    // Copied one by one: the pieces are short, and one text at the end is made faster than many that are joined.
    for (const end = places[i * 2]!; at < end; at++) target[length++] = bytes[at]!
    for (let byte = 0; byte < mark.length; byte++) target[length++] = mark[byte]!
    at = places[i * 2 + 1]!
  }
  for (; at < to; at++) target[length++] = bytes[at]!
  return target.toString('latin1', 0, length)
}

export const latinOf = (template: string): string => Buffer.from(template).toString('latin1')
export const utf8Of = (latin: string): string => Buffer.from(latin, 'latin1').toString('utf8')
