// Tells which blocks cannot contain a long word, without looking into them. People search for parts of words, too, so it
// is not words that are remembered but, of each part of a word, the one short piece whose hash is smallest: any long
// enough part of the word has the same piece in it.

/** Bytes of a piece. */
const pieceBytes = 6
/** Of so many pieces behind each other, one is remembered. */
const windowPieces = 7
/** Parts of words that are at least so long can be looked for. */
const shortest = pieceBytes + windowPieces - 1
/** Bits per piece; each piece sets two. More make it wrong less often; a long word has several pieces to be wrong about. */
const bitsPerPiece = 5

/** By byte: its lower case where it belongs to a word, else 0. */
const lowered = new Uint8Array(256)
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code)
  if (/[A-Za-z0-9_]/.test(char)) lowered[code] = char.toLowerCase().charCodeAt(0)
}

const base = 0x2c1b3c6d
let outgoing = 1
for (let i = 0; i < pieceBytes; i++) outgoing = Math.imul(outgoing, base)

export interface WordCollector {
  /** Forgets what was taken in. */
  begin(): void
  /** Takes in the words of `bytes[from, to)`. */
  add(bytes: Uint8Array, from: number, to: number): void
  /** The filter; empty when there were no long words. */
  finish(): Uint8Array
}

export function openWordCollector(): WordCollector {
  let pieces = new Uint32Array(4096)
  let count = 0
  const keep = (hash: number): void => {
    if (count === pieces.length) {
      const larger = new Uint32Array(count * 2)
      larger.set(pieces)
      pieces = larger
    }
    pieces[count++] = hash
  }
  return {
    begin: () => void (count = 0),
    add: (bytes, from, to) => eachPiece(bytes, from, to, keep),
    finish() {
      return count === 0 ? new Uint8Array(0) : filterOf(pieces, count)
    },
  }
}

function filterOf(pieces: Uint32Array, count: number): Uint8Array {
  const filter = new Uint8Array(((count * bitsPerPiece) >> 3) + 8)
  const bits = filter.length * 8
  for (let i = 0; i < count; i++) {
    const bit = pieces[i]! % bits
    const other = second(pieces[i]!) % bits
    filter[bit >> 3]! |= 1 << (bit & 7)
    filter[other >> 3]! |= 1 << (other & 7)
  }
  return filter
}

/** The pieces to look for: of every long word of the text. Empty when it has none: then no filter can help. */
export function piecesOf(text: string): number[] {
  const bytes = Buffer.from(text)
  const pieces: number[] = []
  eachPiece(bytes, 0, bytes.length, (hash) => pieces.push(hash))
  return pieces
}

/** False when the text that the pieces are of is nowhere in the block. */
export function hasPieces(filter: Uint8Array, pieces: readonly number[]): boolean {
  const bits = filter.length * 8
  const has = (bit: number): boolean => (filter[bit >> 3]! & (1 << (bit & 7))) !== 0
  return pieces.every((piece) => bits > 0 && has(piece % bits) && has(second(piece) % bits))
}

/** Another number that is as good as random, from a piece's hash. */
function second(hash: number): number {
  return Math.imul(hash ^ (hash >>> 16), 0x45d9f3b) >>> 0
}

const recent = new Uint32Array(windowPieces)

function eachPiece(bytes: Uint8Array, from: number, to: number, visit: (hash: number) => void): void {
  let at = from
  while (at < to) {
    if (lowered[bytes[at]!] === 0) {
      at++
      continue
    }
    const start = at
    while (at < to && lowered[bytes[at]!] !== 0) at++
    if (at - start >= shortest) wordPieces(bytes, start, at, visit)
  }
}

function wordPieces(bytes: Uint8Array, from: number, to: number, visit: (hash: number) => void): void {
  let hash = 0
  for (let at = from; at < from + pieceBytes - 1; at++) hash = (Math.imul(hash, base) + lowered[bytes[at]!]!) | 0
  let least = 0
  let leastAt = -1
  for (let piece = 0; from + piece + pieceBytes <= to; piece++) {
    hash = (Math.imul(hash, base) + lowered[bytes[from + piece + pieceBytes - 1]!]!) | 0
    if (piece > 0) hash = (hash - Math.imul(outgoing, lowered[bytes[from + piece - 1]!]!)) | 0
    let mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39)
    mixed = (mixed ^ (mixed >>> 15)) >>> 0
    recent[piece % windowPieces] = mixed
    if (piece < windowPieces - 1) continue
    // The smallest of the window; of equal ones any is as good, they are the same.
    const isFirst = leastAt < 0
    if (isFirst || leastAt <= piece - windowPieces) {
      const before = least
      least = Infinity
      for (let i = 0; i < windowPieces; i++) {
        const at = piece - i
        if (recent[at % windowPieces]! < least) least = recent[(leastAt = at) % windowPieces]!
      }
      if (isFirst || least !== before) visit(least)
    } else if (mixed < least) {
      least = mixed
      leastAt = piece
      visit(least)
    }
  }
}
