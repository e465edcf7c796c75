// Puts one fixed mask in the place of each secret in a text, whatever colours stand around it, between its letters or in the
// name that tells it. Nothing of the secret is left, and not its length.
import { plainText, sequencesIn, type PlainText } from '../text/plain-texts.ts'
import { findSecrets, type Found } from './find-secrets.ts'
import type { Secret, Unfinished } from './searched-text.ts'
import type { KeyTest } from './secret-keys.ts'

export const mask = '***'

export interface Masked {
  /** The text with its masks; undefined when there was nothing to mask. */
  text?: Buffer
  /** Secrets that were masked. */
  count: number
  /** See `findSecrets`. */
  unfinished: Unfinished | undefined
}

/** Masks the text `bytes[from, to)`, UTF-8; `hasSequences`: see `mayHoldSequences`. */
export function maskSecrets(
  bytes: Uint8Array,
  from: number,
  to: number,
  isKey: KeyTest,
  hasSequences: boolean,
  unfinished?: Unfinished,
): Masked {
  if (!hasSequences) return maskPlain(bytes, from, to, isKey, unfinished)
  const sequences = allSequencesIn(bytes, from, to)
  if (sequences.length === 0) return maskPlain(bytes, from, to, isKey, unfinished)
  const inside = maskInSequences(bytes, from, to, sequences, isKey)
  if (inside.text) {
    const around = maskSecrets(inside.text, 0, inside.text.length, isKey, true, unfinished)
    return { text: inside.text, ...around, count: inside.count + around.count }
  }
  const plain = plainText(bytes, from, to, sequences)!
  const found = findSecrets(plain.bytes, 0, plain.bytes.length, isKey, unfinished)
  return maskedOf(bytes, from, to, found, (secret) => placeOf(bytes, from, secret, plain))
}

function maskPlain(bytes: Uint8Array, from: number, to: number, isKey: KeyTest, unfinished?: Unfinished): Masked {
  return maskedOf(bytes, from, to, findSecrets(bytes, from, to, isKey, unfinished), (secret) => secret)
}

const nothing: Masked = { count: 0, unfinished: undefined }

function maskedOf(
  bytes: Uint8Array,
  from: number,
  to: number,
  { secrets, unfinished }: Found,
  place: (secret: Secret) => Place,
): Masked {
  const count = secrets.length
  if (count === 0) return unfinished === undefined ? nothing : { count, unfinished }
  return { text: replaced(bytes, from, to, secrets.map(place)), count, unfinished }
}

interface Place extends Secret {
  /** Colours that are put in front of and behind the mask, for those that go with the secret. */
  before?: string
  behind?: string
}

function replaced(bytes: Uint8Array, from: number, to: number, places: readonly Place[]): Buffer {
  const pieces: Uint8Array[] = []
  let at = from
  for (const { start, end, quote, before = '', behind = '' } of places) {
    pieces.push(bytes.subarray(at, start), Buffer.from(`${before}${quote}${mask}${quote}${behind}`, 'latin1'))
    at = end
  }
  pieces.push(bytes.subarray(at, to))
  return Buffer.concat(pieces)
}

/** Colours, and what changes nothing but looks; any other sequence in front of a secret may have begun with its first letter. */
const colours = /(?:\x1b\[|\xc2\x9b)[\d:;]*m|\\+(?:u00|x)[19][bB]\[?[\d:;]*m|\\+(?:033|e)\[[\d:;]*m/g

/** A secret in the plain text → its place in the text as it is, with the colours that must not go with it. */
function placeOf(bytes: Uint8Array, from: number, { start, end, quote }: Secret, { places }: PlainText): Place {
  const coloursIn = (begin: number, until: number): string => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + begin, until - begin).toString('latin1')
    return text.match(colours)?.join('') ?? ''
  }
  const behindBefore = start === 0 ? from : places[start - 1]! + 1
  const leading = coloursIn(behindBefore, places[start]!)
  const isHarmless = leading.length === places[start]! - behindBefore
  // The last change of colour inside: as many as there are would tell how many letters there were.
  let last = end - 1
  while (last > start && places[last] === places[last - 1]! + 1) last--
  const behind = last > start ? coloursIn(places[last - 1]! + 1, places[last]!) : ''
  return {
    start: isHarmless ? places[start]! : behindBefore,
    end: places[end - 1]! + 1,
    quote,
    before: isHarmless ? '' : leading,
    behind,
  }
}

/** Links and titles have text of their own: `ESC ] 8 ; ; https://…`. */
function maskInSequences(
  bytes: Uint8Array,
  from: number,
  to: number,
  sequences: readonly number[],
  isKey: KeyTest,
): Masked {
  const secrets: Secret[] = []
  for (let i = 0; i < sequences.length; i += 2) {
    const [start, end] = [sequences[i]!, sequences[i + 1]!]
    // Shorter ones have nothing to hide; colours have no letters but their last.
    if (end - start < 8 || bytes[start + 1] === 0x5b) continue
    // BEL is one byte, ST are two.
    const bodyEnd = bytes[end - 1] === 0x07 ? end - 1 : end - 2
    secrets.push(...findSecrets(bytes, start + 2, bodyEnd, isKey).secrets)
  }
  return maskedOf(bytes, from, to, { secrets, unfinished: undefined }, (secret) => secret)
}

/** Sequences as other texts write them, JSON above all: `\u001b[32m`, `\x1b[0m`. */
const written = /\\+(?:(?:u00|x)1[bB]|033|e)(?:\[[0-?]*[ -/]*[@-~]?|\(B)|\\+(?:u00|x)9[bB][0-?]*[ -/]*[@-~]/g
const writtenBeginning = new Set(Buffer.from('ux0e'))

function allSequencesIn(bytes: Uint8Array, from: number, to: number): readonly number[] {
  const sequences = sequencesIn(bytes, from, to)
  const backslash = bytes.subarray(from, to).indexOf(0x5c)
  if (backslash < 0) return sequences
  const ranges: [start: number, end: number][] = []
  for (let i = 0; i < sequences.length; i += 2) ranges.push([sequences[i]!, sequences[i + 1]!])
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
  for (const { 0: found, index } of text.matchAll(written)) ranges.push([from + index, from + index + found.length])
  let last = from
  return ranges
    .sort(([a], [b]) => a - b)
    .flatMap(([start, end]) => {
      if (start < last) return []
      last = end
      return [start, end]
    })
}

/** Whether any text in the bytes may have sequences, also such as are written with a backslash. Costs two looks through them. */
export function mayHoldSequences(bytes: Uint8Array, hasAnsi: boolean): boolean {
  if (hasAnsi) return true
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = buffer.indexOf(0x5c); at >= 0; at = buffer.indexOf(0x5c, at + 1))
    if (writtenBeginning.has(buffer[at + 1]!) && isWritten(buffer, at)) return true
  return false
}

function isWritten(buffer: Buffer, at: number): boolean {
  return /^\\(?:(?:u00|x)[19][bB]|033\[|e\[)/.test(buffer.toString('latin1', at, at + 7))
}
