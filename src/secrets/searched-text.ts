// The text that is looked through for secrets, what was found in it so far, and how a part of it is told to be one.

/** Why the text that follows begins within a secret: a private key, a value up to this byte, one up to a blank. */
export type Unfinished = 'key' | 'bare' | `until ${number}`

export interface Secret {
  start: number
  end: number
  /** In front of and behind the mask, where a number of JSON becomes a text. */
  quote: string
}

/** Functions that pass something in `bytes[from, to)` give the place where to go on. */
export interface SearchedText {
  bytes: Uint8Array
  from: number
  to: number
  /** In order. */
  secrets: Secret[]
  unfinished: Unfinished | undefined
}

const star = 0x2a
const space = 0x20

export const isQuote: Uint8Array = tableOf('"\'`')

/** Takes `[start, end)` for a secret; line ends around it are of the text, and stars have been hidden before. */
export function hide({ bytes, secrets }: SearchedText, start: number, end: number, quote = ''): number {
  let last = end
  while (start < last && bytes[start]! < space) start++
  while (last > start && bytes[last - 1]! < space) last--
  let isSecret = false
  for (let i = start; i < last && !isSecret; i++) isSecret = bytes[i] !== star
  if (isSecret) secrets.push({ start, end: last, quote })
  return end
}

/** At most up to the end of the text. */
export function textOf({ bytes, to }: SearchedText, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(to, end) - start).toString('latin1')
}

export function isAt({ bytes, from, to }: SearchedText, i: number, word: string): boolean {
  if (i < from || to - i < word.length) return false
  for (let k = 0; k < word.length; k++) if (bytes[i + k] !== word.charCodeAt(k)) return false
  return true
}

/** 1 for each of these characters. */
export function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256)
  for (const character of characters) table[character.charCodeAt(0)] = 1
  return table
}
