// Private keys in text, which may have lines of their own; a certificate or public key is none.
import { hide, isAt, textOf, type SearchedText } from './searched-text.ts'

const [quote, dash] = [0x22, 0x2d]
export const keyBegin = '-----BEGIN '
const keyEnd = '-----END '

/** `start`: behind `-----BEGIN `. */
export function passPrivateKey(text: SearchedText, start: number): number {
  const header = /^[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/.exec(textOf(text, start, start + 60))
  return header ? passRest(text, start + header[0].length) : start
}

/** The rest of a key that began in the text before; a key that was cut off must not hide all that follows. */
export function passKeyGoingOn(text: SearchedText, start: number): number {
  const shown = textOf(text, start, start + 100)
  const isKey = shown.startsWith(keyEnd) || /^\s*[\w+/=-]*\s*$|^[\w-]+: /.test(shown.split('\n', 1)[0]!)
  return isKey ? passRest(text, start) : start
}

function passRest(text: SearchedText, begin: number): number {
  const { bytes, to } = text
  let end = begin
  while (end < to && bytes[end] !== quote && !(bytes[end] === dash && isAt(text, end, keyEnd))) end++
  if (end >= to) text.unfinished = 'key'
  if (end === begin) return end === to ? to : end + 1
  return hide(text, begin, end)
}
