// Bytes of a file → the lines to give out next: whole ones, a part of one that is too long, or none before there are more bytes.
import type { Encoding } from '../contracts/source-storage.ts'
import type { Stage } from '../contracts/stage.ts'
import { fragmentEnd } from '../text/fragment-end.ts'
import { lastLineEnd, toUtf8, unitBytes } from './encoding.ts'
import { splitLines, type Lines } from './split-lines.ts'
import type { TailChunk } from './tail-chunk.ts'

export interface Unread {
  bytes: Buffer
  /** Parts of the first line that were given out already. */
  fragment: number
  encoding: Encoding
  /** Bytes of a byte order mark that they begin with. */
  markBytes: number
  /** The file has more bytes behind these. */
  hasMore: boolean
  /** Nothing will be written behind them: a last line without newline is a line. */
  isLast: boolean
  /** As many bytes as are ever read at once. */
  isWidest: boolean
}

export interface LineOptions {
  maxLineBytes: number
  join?: Stage['join'] | undefined
}

type Part = Pick<TailChunk, 'fragment' | 'lastFragment'>

export interface NextLines extends Lines {
  /** The bytes that the text stands for. */
  own: Buffer
  text: Buffer
  part: Part
  /** Bytes of lines that are read again, together with what follows. */
  heldBytes: number
  /** Lines are left to be given out at once. */
  hasMore: boolean
}

/** Given out at once: of very short lines a window has so many that their columns would take far more than their text. */
const mostLines = 16_384

/** `mayHold`: lines that may go on are held. `wider`: more bytes are needed. */
export function nextLines(unread: Unread, options: LineOptions, mayHold: boolean): NextLines | 'wider' | undefined {
  const { bytes, fragment, encoding, hasMore, isLast, isWidest } = unread
  const end = lastLineEnd(bytes, encoding)
  if (end > 0) {
    const lines = takeLines(unread, end, options, mayHold)
    // Lines that fill the window are held no longer.
    return lines.own.length === 0 && lines.hasMore ? takeLines(unread, end, options, false) : lines
  }
  if (bytes.length >= options.maxLineBytes) {
    const cut = encoding === 'utf-8' ? fragmentEnd(bytes, options.maxLineBytes) : options.maxLineBytes
    const whole = cut - (cut % unitBytes(encoding))
    return takePart(unread, whole, { fragment: fragment + 1, lastFragment: false })
  }
  if (hasMore && !isWidest) return 'wider'
  return isLast && bytes.length > 0 ? takePart(unread, bytes.length, lastPart(fragment)) : undefined
}

const lastPart = (fragment: number): Part => (fragment > 0 ? { fragment: fragment + 1, lastFragment: true } : {})

/** Whole lines, up to those that are held. */
function takeLines(unread: Unread, end: number, { join }: LineOptions, mayHold: boolean): NextLines {
  const { fragment } = unread
  const all = textOf(unread, end)
  const split = splitLines(all, all.length, mostLines)
  const text = all.subarray(0, split.length)
  const isCut = text.length < all.length
  const length = isCut ? ownLength(unread, text) : end
  const joined = fragment === 0 ? join?.({ text, ...split }, mayHold) : undefined
  const { start, end: ends } = joined ?? split
  const taken = joined?.held ? text.subarray(0, split.start[split.start.length - joined.held]) : text
  const own = taken === text ? length : taken.length === 0 ? 0 : ownLength(unread, taken)
  return {
    own: unread.bytes.subarray(0, own),
    text: taken,
    start,
    end: ends,
    part: lastPart(fragment),
    heldBytes: length - own,
    hasMore: isCut || unread.hasMore,
  }
}

/** A single line, or a part of it. */
function takePart(unread: Unread, length: number, part: Part): NextLines {
  const text = textOf(unread, length)
  const [start, end] = [Uint32Array.of(0), Uint32Array.of(text.length)]
  const hasMore = unread.hasMore || length < unread.bytes.length || part.lastFragment === false
  return { own: unread.bytes.subarray(0, length), text, start, end, part, heldBytes: 0, hasMore }
}

const textOf = ({ bytes, encoding, markBytes }: Unread, length: number): Buffer =>
  toUtf8(bytes.subarray(markBytes, length), encoding)

/** Bytes of the file that this text, at their beginning, was made of. */
const ownLength = ({ encoding, markBytes }: Unread, text: Buffer): number =>
  markBytes + (encoding === 'utf-8' ? text.length : text.toString().length * unitBytes(encoding))
