// Places of the values in the JSON of a record's extras: those of its keys and of the keys of `fields`. Text values without
// their quotes, objects and lists as they are.

/** Beyond so many values, the rest of the text is the last one. */
export const maxJsonPlaces = 256

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const comma = 0x2c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const fieldsKey = Buffer.from('"fields":{')

/** As JSON.stringify writes it: no spaces. From where it does not look like that, the rest is one value. */
export function findJsonPlaces(bytes: Uint8Array, from: number, to: number, places: Uint32Array): number {
  if (from === to) return 0
  let count = 0
  let at = from
  let inFields = false
  const takeRest = (): number => {
    places[count * 2] = at
    places[count * 2 + 1] = to
    return count + 1
  }
  if (bytes[at] !== openBrace) return takeRest()
  at++
  while (at < to) {
    if (bytes[at] === closeBrace) {
      at++
      if (!inFields) return at === to ? count : takeRest()
      inFields = false
      if (bytes[at] === comma) at++
      continue
    }
    if (bytes[at] !== quote) return takeRest()
    if (!inFields && startsWith(bytes, at, to, fieldsKey)) {
      inFields = true
      at += fieldsKey.length
      continue
    }
    const value = stringEnd(bytes, at, to) + 1
    if (value >= to || bytes[value - 1] !== colon) return takeRest()
    const isText = bytes[value] === quote
    const end = isText ? stringEnd(bytes, value, to) : valueEnd(bytes, value, to)
    if (end >= to || count + 1 === maxJsonPlaces) return takeRest()
    places[count * 2] = isText ? value + 1 : value
    places[count * 2 + 1] = isText ? end - 1 : end
    count++
    at = end
    if (bytes[at] === comma) at++
  }
  return count
}

function startsWith(bytes: Uint8Array, at: number, to: number, text: Uint8Array): boolean {
  if (at + text.length > to) return false
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false
  return true
}

/** Behind the closing quote; behind `to` when there is none. */
function stringEnd(bytes: Uint8Array, at: number, to: number): number {
  for (at++; at < to; at++) {
    const byte = bytes[at]
    if (byte === quote) return at + 1
    if (byte === backslash) at++
  }
  return to + 1
}

function valueEnd(bytes: Uint8Array, at: number, to: number): number {
  let depth = 0
  while (at < to) {
    const byte = bytes[at]
    if (byte === quote) {
      at = stringEnd(bytes, at, to)
      continue
    }
    if (byte === openBrace || byte === openBracket) depth++
    else if (byte === closeBrace || byte === closeBracket) {
      if (depth === 0) return at
      depth--
    } else if (byte === comma && depth === 0) return at
    at++
  }
  return depth === 0 ? to : to + 1
}
