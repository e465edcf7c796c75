// The value that follows a secret name, in whatever way it is assigned: bare, in quotes, in escaped quotes, in a list, of JSON.
import { hide, isQuote, tableOf, textOf, type SearchedText } from './searched-text.ts'

const [space, tab, quote, backslash, slash] = [0x20, 0x09, 0x22, 0x5c, 0x2f]
const [colon, equals, greater, comma] = [0x3a, 0x3d, 0x3e, 0x2c]
const [openBracket, openBrace, openParenthesis] = [0x5b, 0x7b, 0x28]

/** Ends of a value that is not in quotes. */
const valueEnds = tableOf(' \t\r\n,;&"\'`)}]>|')

/** The value behind `=`, `:` or `=>` at `i`. */
export function passAssigned(text: SearchedText, i: number, key: string): number {
  const { bytes } = text
  let start = i + 1
  if (bytes[start] === greater && bytes[i] === equals) start++
  start = skipBlanks(text, start)
  const isList = bytes[start] === openBracket
  if (isList) start = skipBlanks(text, start + 1)
  // `PWD=/home/me` is a directory.
  if (key === 'pwd' && bytes[start] === slash) return start
  const isJson = bytes[i] === colon && bytes[i - 1] === quote
  const isHeader = key === 'cookie' && isQuote[bytes[start]!] !== 1 && !isJson
  return isHeader ? hide(text, start, endOfLine(text, start)) : passValue(text, start, { key, isJson, isList })
}

/** `key`: the name of the value; absent where the value goes on from the text before. */
export function passValue(
  text: SearchedText,
  at: number,
  { key = '', isJson = false, isList = false }: { key?: string; isJson?: boolean; isList?: boolean } = {},
): number {
  const { bytes, to } = text
  const start = skipBlanks(text, at)
  if (start >= to) {
    text.unfinished = 'bare'
    return to
  }
  const isEscaped = bytes[start] === backslash && isQuote[bytes[start + 1]!] === 1
  const opening = bytes[isEscaped ? start + 1 : start]!
  if (isQuote[opening] === 1) {
    return passQuoted(text, start + (isEscaped ? 2 : 1), { closing: opening, isEscaped, isList })
  }
  const begin = afterScheme(text, start)
  let end = begin
  while (end < to && valueEnds[bytes[end]!] === 0) end++
  if (isNothing(text, begin, end)) return Math.max(start, begin)
  // Numbers are counts, as a rule: `token: 12`.
  if (/^\d+$/.test(textOf(text, begin, end)) && !/pass|pwd|secret/.test(key)) return end
  if (end === to) text.unfinished = 'bare'
  // The backslash of a quote that is escaped.
  else if (isQuote[bytes[end]!] === 1) while (end > begin && bytes[end - 1] === backslash) end--
  return hide(text, begin, end, isJson ? quoteBefore(text, begin) : '')
}

/** Up to the quote that closes the value; one that is escaped is closed by one that is. Of a list all that is in such quotes. */
export function passQuoted(
  text: SearchedText,
  start: number,
  { closing, isEscaped = false, isList = false }: { closing: number; isEscaped?: boolean; isList?: boolean },
): number {
  const { bytes, to } = text
  for (;;) {
    const end = endOfQuoted(text, start, closing, isEscaped)
    if (end === to) text.unfinished = `until ${closing}`
    const begin = afterScheme(text, start)
    const next = isNothing(text, begin, end) ? end : hide(text, begin, end)
    const behind = next + (isEscaped ? 2 : 1)
    if (!isList || bytes[behind] !== comma) return next + 1
    const more = skipBlanks(text, behind + 1)
    const opening = isEscaped && bytes[more] === backslash ? more + 1 : more
    if (bytes[opening] !== closing) return more
    start = opening + 1
  }
}

function endOfQuoted({ bytes, to }: SearchedText, start: number, closing: number, isEscaped: boolean): number {
  let end = start
  for (; end < to; end++) {
    if (bytes[end] === closing) break
    if (bytes[end] !== backslash) continue
    if (isEscaped && bytes[end + 1] === closing) break
    end++
  }
  return Math.min(end, to)
}

function endOfLine({ bytes, to }: SearchedText, start: number): number {
  let end = start
  while (end < to && bytes[end]! >= space && isQuote[bytes[end]!] === 0) end++
  return end
}

function skipBlanks({ bytes, to }: SearchedText, at: number): number {
  while (at < to && (bytes[at] === space || bytes[at] === tab)) at++
  return at
}

/** Behind `Bearer ` and its like. */
function afterScheme(text: SearchedText, start: number): number {
  const scheme = /^(?:bearer|basic|token|digest|negotiate|apikey) +/i.exec(textOf(text, start, start + 16))
  return start + (scheme?.[0].length ?? 0)
}

/** No value, or none that is secret; `==` compares. */
function isNothing(text: SearchedText, start: number, end: number): boolean {
  if (end <= start) return true
  const first = text.bytes[start]
  if (first === equals || first === openBrace || first === openParenthesis) return true
  return end - start <= 9 && /^(?:null|nil|none|true|false|undefined)$/i.test(textOf(text, start, end))
}

/** The quote of the name in front of the value, as it stands there: in JSON a mask must be a text. */
function quoteBefore(text: SearchedText, value: number): string {
  const { bytes, from } = text
  let at = value - 1
  while (at > from && bytes[at] !== quote) at--
  let begin = at
  while (begin > from && bytes[begin - 1] === backslash) begin--
  return textOf(text, begin, at + 1)
}
