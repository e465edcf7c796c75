// Finds secrets in text: what follows a name that says so, tokens that show by their shape what they are, passwords in addresses,
// private keys. One pass over the bytes that stops only where one of these may begin.
import { endOfName, findSecret, triggers } from './find-secret.ts'
import type { KeyTest } from './secret-keys.ts'
import { tokenAt, tokenBytes, tokenTriggers } from './token-shapes.ts'

/** What goes on in the text that follows: a private key, a value up to this byte, one up to a blank. */
export type Unfinished = 'key' | 'bare' | `until ${number}`

export interface Secret {
  start: number
  end: number
  /** In front of and behind the mask, where a number of JSON becomes a text. */
  quote: string
}

export interface Found {
  /** In order. */
  secrets: readonly Secret[]
  unfinished: Unfinished | undefined
}

const star = 0x2a
const [space, tab, quote, backslash, slash] = [0x20, 0x09, 0x22, 0x5c, 0x2f]
const [colon, equals, dash] = [0x3a, 0x3d, 0x2d]
const quotes = new Set([quote, 0x27, 0x60])
/** No password of an address is longer. */
const longestAddress = 300
const keyBegin = '-----BEGIN '
const keyEnd = '-----END '

/** What ends a value that is not in quotes. */
const valueEnds = tableOf(' \t\r\n,;&"\'`)}]>|')
/** What an address has in front of its path. */
const addressEnds = tableOf(' \t\r\n/?#"\'`<>')

const nothing: Found = { secrets: [], unfinished: undefined }

/** Looks through `bytes[from, to)`; `unfinished`: what the text before it left. */
export function findSecrets(
  bytes: Uint8Array,
  from: number,
  to: number,
  isKey: KeyTest,
  unfinished?: Unfinished,
): Found {
  const first = unfinished ? from : findSecret(bytes, from, to, isKey)
  return first === to ? nothing : findFrom(first, bytes, from, to, isKey, unfinished)
}

function findFrom(
  first: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  isKey: KeyTest,
  unfinished: Unfinished | undefined,
): Found {
  let i = first
  const secrets: Secret[] = []
  const found: Found = { secrets, unfinished: undefined }
  if (unfinished === 'key') i = passKey(from)
  else if (unfinished === 'bare') i = passValue(from)
  else if (unfinished) i = passQuoted(from, Number(unfinished.slice('until '.length)), false)
  while (i < to) {
    const code = bytes[i]!
    if (triggers[code] === 0) {
      i++
      continue
    }
    i = passAt(i, code)
  }
  return found

  /** Where to go on. */
  function passAt(i: number, code: number): number {
    if (code === colon || code === equals) {
      if (code === colon && bytes[i + 1] === slash && bytes[i + 2] === slash) return passAddress(i + 3)
      const key = isKey(bytes, from, endOfName(bytes, from, i))
      return key === undefined ? i + 1 : passBehind(i, key)
    }
    if (code === dash && bytes[i + 5] === 0x42 && isAt(i, keyBegin)) return passKey(i + keyBegin.length)
    if ((code | 32) === 0x62 && bytes[i + 6] === space && isScheme(i) && isBoundary(i)) {
      const end = endOfToken(i + 7, to)
      return end - i >= 7 + 16 ? hide(i + 7, end) : i + 1
    }
    if (tokenTriggers[code] === 0) return i + 1
    const token = tokenAt(bytes, i, from, to)
    return token ? hide(token.start, token.end) : i + 1
  }

  /** The value that follows `=`, `:` or `=>`. */
  function passBehind(i: number, key: string): number {
    let start = i + 1
    if (bytes[start] === 0x3e && bytes[i] === equals) start++
    start = skipBlanks(start)
    const isList = bytes[start] === 0x5b
    if (isList) start = skipBlanks(start + 1)
    // `PWD=/home/me` is a directory.
    if (key === 'pwd' && bytes[start] === slash) return start
    const isJson = bytes[i] === colon && bytes[i - 1] === quote
    if (key === 'cookie' && !quotes.has(bytes[start]!) && !isJson) return hide(start, endOfLine(start))
    return passValue(start, { key, isJson, isList })
  }

  function passValue(start: number, { key = '', isJson = false, isList = false } = {}): number {
    start = skipBlanks(start)
    if (start >= to) {
      found.unfinished = 'bare'
      return to
    }
    const isEscaped = bytes[start] === backslash && quotes.has(bytes[start + 1]!)
    const opening = bytes[isEscaped ? start + 1 : start]!
    if (quotes.has(opening)) return passQuoted(start + (isEscaped ? 2 : 1), opening, isEscaped, isList)
    const begin = afterScheme(start)
    let end = begin
    while (end < to && valueEnds[bytes[end]!] === 0) end++
    if (isNothing(begin, end)) return Math.max(start, begin)
    // Numbers are counts, as a rule: `token: 12`.
    if (/^\d+$/.test(textOf(begin, end)) && !/pass|pwd|secret/.test(key)) return end
    if (end === to) found.unfinished = 'bare'
    // The backslash of a quote that is escaped.
    else if (quotes.has(bytes[end]!)) while (end > begin && bytes[end - 1] === backslash) end--
    return hide(begin, end, isJson ? quoteBefore(begin) : '')
  }

  /** Up to the quote that closes it; one that is escaped is closed by one that is. */
  function passQuoted(start: number, closing: number, isEscaped: boolean, isList = false): number {
    let end = start
    for (; end < to; end++) {
      if (bytes[end] === closing) break
      if (bytes[end] !== backslash) continue
      if (isEscaped && bytes[end + 1] === closing) break
      end++
    }
    end = Math.min(end, to)
    if (end === to) found.unfinished = `until ${closing}`
    const begin = afterScheme(start)
    const next = isNothing(begin, end) ? end : hide(begin, end)
    let more = next + (isEscaped ? 2 : 1)
    if (!isList || bytes[more] !== 0x2c) return next + 1
    more = skipBlanks(more + 1)
    const opening = isEscaped && bytes[more] === backslash ? more + 1 : more
    return bytes[opening] === closing ? passQuoted(opening + 1, closing, isEscaped, true) : more
  }

  function skipBlanks(i: number): number {
    while (i < to && (bytes[i] === space || bytes[i] === tab)) i++
    return i
  }

  /** `user:password@host`, without its scheme. */
  function passAddress(start: number): number {
    const limit = Math.min(to, start + longestAddress)
    let password = 0
    let sign = 0
    for (let end = start; end < limit && addressEnds[bytes[end]!] === 0; end++) {
      if (bytes[end] === colon && password === 0) password = end + 1
      else if (bytes[end] === 0x40) sign = end
    }
    return password > 0 && sign > password ? hide(password, sign) : start
  }

  /** A private key, which may have lines of its own; a certificate or public key is none. */
  function passKey(start: number): number {
    const isBegun = bytes[start - 1] === space && isAt(start - keyBegin.length, keyBegin)
    let begin = start
    if (isBegun) {
      const header = /^[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/.exec(textOf(start, Math.min(to, start + 60)))
      if (!header) return start
      begin += header[0].length
    } else if (!looksLikeKey(start)) return start
    let end = begin
    while (end < to && bytes[end] !== quote && !(bytes[end] === dash && isAt(end, keyEnd))) end++
    if (end >= to) found.unfinished = 'key'
    if (end === begin) return end === to ? to : end + 1
    return hide(begin, end)
  }

  /** A key that was cut off must not hide all that follows. */
  function looksLikeKey(start: number): boolean {
    const text = textOf(start, Math.min(to, start + 100))
    return text.startsWith(keyEnd) || /^\s*[\w+/=-]*\s*$|^[\w-]+: /.test(text.split('\n', 1)[0]!)
  }

  /** Line ends around it are of the text and not of the secret; stars have been hidden before. */
  function hide(start: number, end: number, quote = ''): number {
    let last = end
    while (start < last && bytes[start]! < space) start++
    while (last > start && bytes[last - 1]! < space) last--
    let isSecret = false
    for (let i = start; i < last && !isSecret; i++) isSecret = bytes[i] !== star
    if (isSecret) secrets.push({ start, end: last, quote })
    return end
  }

  /** The quote that the name in front of the value has, as it stands there: in JSON a mask must be a text. */
  function quoteBefore(value: number): string {
    let at = value - 1
    while (at > from && bytes[at] !== quote) at--
    let begin = at
    while (begin > from && bytes[begin - 1] === backslash) begin--
    return textOf(begin, at + 1)
  }

  function endOfToken(start: number, limit: number): number {
    let end = start
    while (end < limit && (tokenBytes[bytes[end]!] === 1 || '.+/=~'.includes(String.fromCharCode(bytes[end]!)))) end++
    return end
  }

  function endOfLine(start: number): number {
    let end = start
    while (end < to && bytes[end]! >= space && !quotes.has(bytes[end]!)) end++
    return end
  }

  /** Behind `Bearer ` and its like. */
  function afterScheme(start: number): number {
    const text = textOf(start, Math.min(to, start + 16))
    const scheme = /^(?:bearer|basic|token|digest|negotiate|apikey) +/i.exec(text)
    return start + (scheme?.[0].length ?? 0)
  }

  function isScheme(i: number): boolean {
    return i + 6 < to && textOf(i, i + 6).toLowerCase() === 'bearer'
  }

  function isBoundary(i: number): boolean {
    return i === from || tokenBytes[bytes[i - 1]!] === 0
  }

  /** No value, or none that is secret; `==` compares. */
  function isNothing(start: number, end: number): boolean {
    if (end <= start) return true
    if (bytes[start] === equals || bytes[start] === 0x7b || bytes[start] === 0x28) return true
    return end - start <= 9 && /^(?:null|nil|none|true|false|undefined)$/i.test(textOf(start, end))
  }

  function textOf(start: number, end: number): string {
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
  }

  function isAt(i: number, word: string): boolean {
    if (i < from || to - i < word.length) return false
    for (let k = 0; k < word.length; k++) if (bytes[i + k] !== word.charCodeAt(k)) return false
    return true
  }
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256)
  for (const character of characters) table[character.charCodeAt(0)] = 1
  return table
}
