// Extras as text files need them (logger, fields as logfmt), taken from the JSON they are kept as: parsing it and formatting
// what came out takes five times as long. Rests on how it is written: see `ExtrasJson`.
import type { ExtrasJson } from '../contracts/batch.ts'
import { stringEnd, valueEnd, type Scan } from './json-scan.ts'

export interface ExtrasText {
  /** To be called before the rows of a column are asked for. */
  begin(json: ExtrasJson): void
  logger(index: number): string | undefined
  /** Bytes that `copyFields` may write at most. */
  mostFieldBytes(index: number): number
  /** Writes what `formatFields` gives; the end of it, or -1 for the few that only parsing is sure of. */
  copyFields(index: number, target: Uint8Array, at: number): number
}

const quote = 0x22
const equals = 0x3d
const backslash = 0x5c
const space = 0x20
const closeBrace = 0x7d

/** In a name or text these need a closer look: control characters, and what may begin white space beyond ASCII. */
const unsure = new Uint8Array(256).fill(1, 0, 0x20)
unsure[0x7f] = unsure[0xc2] = unsure[0xe1] = unsure[0xe2] = unsure[0xe3] = unsure[0xef] = unsure[backslash] = 1

const loggerName = Buffer.from('"logger"')
const fieldsName = Buffer.from('"fields"')

export function openExtrasText(): ExtrasText {
  const none = new Uint8Array(0)
  const scan: Scan = {
    bytes: none,
    view: new DataView(none.buffer),
    length: 0,
    newlines: false,
    escaped: false,
    odd: false,
    exponents: false,
  }
  let json: ExtrasJson

  /** Beginning of the value of one of the outermost names; -1 when there is none. */
  function find(index: number, name: Uint8Array): number {
    const { bytes } = json
    const end = json.end[index]!
    for (let at = json.start[index]! + 1; at < end; at++) {
      const nameEnd = stringEnd(scan, at + 1)
      if (isAt(bytes, at, name)) return nameEnd + 1
      at = valueEnd(scan, nameEnd + 1)
    }
    return -1
  }

  return {
    begin(column) {
      json = column
      const { buffer, byteOffset, length } = column.bytes
      scan.bytes = column.bytes
      scan.view = new DataView(buffer, byteOffset, length)
      scan.length = length
    },
    logger(index) {
      const at = find(index, loggerName)
      if (at < 0) return undefined
      const { buffer, byteOffset } = json.bytes
      const to = stringEnd(scan, at + 1)
      const text = Buffer.from(buffer, byteOffset + at, to - at).toString('utf8')
      return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1)
    },
    // An object inside has its quotes escaped.
    mostFieldBytes: (index) => (json.end[index]! - json.start[index]!) * 2,
    copyFields(index, target, at) {
      const { bytes } = json
      let i = find(index, fieldsName)
      if (i < 0 || bytes[i + 1] === closeBrace) return at
      for (; bytes[i] !== closeBrace;) {
        // Behind the opening brace or a comma.
        target[at++] = space
        for (i += 2; bytes[i] !== quote; i++) {
          const byte = bytes[i]!
          // Whole numbers come first among names once they are parsed.
          if (unsure[byte]! !== 0 || byte === space || byte === equals || isDigit(byte)) return -1
          target[at++] = byte
        }
        target[at++] = equals
        i += 2
        const to = valueEnd(scan, i)
        at = bytes[i] === quote ? copyText(bytes, i, to, target, at) : copyOther(bytes, i, to, target, at)
        if (at < 0) return -1
        i = to
      }
      return at
    },
  }
}

/** Text as it is, or in its quotes where it holds a space, an equals sign, or nothing. */
function copyText(bytes: Uint8Array, from: number, to: number, target: Uint8Array, at: number): number {
  let quoted = to - from === 2
  for (let i = from + 1; i < to - 1; i++) {
    const byte = bytes[i]!
    if (unsure[byte] !== 0) return -1
    if (byte === space || byte === equals) quoted = true
  }
  if (quoted) for (let i = from; i < to; i++) target[at++] = bytes[i]!
  else for (let i = from + 1; i < to - 1; i++) target[at++] = bytes[i]!
  return at
}

/** A number or word as it is; a list or object as text, in quotes where it holds any. */
function copyOther(bytes: Uint8Array, from: number, to: number, target: Uint8Array, at: number): number {
  let quoted = false
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!
    if (unsure[byte] !== 0) return -1
    if (byte === quote || byte === space || byte === equals) quoted = true
  }
  if (quoted) target[at++] = quote
  for (let i = from; i < to; i++) {
    if (bytes[i] === quote) target[at++] = backslash
    target[at++] = bytes[i]!
  }
  if (quoted) target[at++] = quote
  return at
}

function isAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false
  return true
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
