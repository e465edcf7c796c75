// Tells which blocks cannot contain a part of a word, without looking into them: the set of all three letters that stand
// beside each other in a word, of 37³ possible ones. What a few letters cannot tell apart, as in random numbers, is what
// word-filter.ts is for.

/** By byte: 1 to 37 for what words are made of, in lower case; else 0. */
const letters = new Uint8Array(256)
for (let code = 0; code < 128; code++) {
  const at = 'abcdefghijklmnopqrstuvwxyz0123456789_'.indexOf(String.fromCharCode(code).toLowerCase())
  if (at >= 0) letters[code] = at + 1
}
const base = 37
const grams = base ** 3
const firstDigit = 26

export interface GramCollector {
  /** Forgets what was taken in. */
  begin(): void
  /** Takes in the words of `bytes[from, to)`. */
  add(bytes: Uint8Array, from: number, to: number): void
  /** From now on any three digits count as seen. */
  addDigits(): void
  /** A bit per gram. */
  finish(): Uint8Array
}

export function openGramCollector(): GramCollector {
  const seen = new Uint8Array(grams)
  let hasDigits = false
  return {
    begin() {
      seen.fill(0)
      hasDigits = false
    },
    add(bytes, from, to) {
      let length = 0
      let gram = 0
      for (let at = from; at < to; at++) {
        const letter = letters[bytes[at]!]!
        if (letter === 0) length = 0
        else {
          gram = ((gram % (base * base)) * base + letter - 1) | 0
          if (++length >= 3) seen[gram] = 1
        }
      }
    },
    addDigits() {
      hasDigits = true
    },
    finish() {
      if (hasDigits) seeDigits(seen)
      return bitsOf(seen)
    },
  }
}

function seeDigits(seen: Uint8Array): void {
  for (let a = firstDigit; a < firstDigit + 10; a++)
    for (let b = firstDigit; b < firstDigit + 10; b++)
      for (let c = firstDigit; c < firstDigit + 10; c++) seen[(a * base + b) * base + c] = 1
}

function bitsOf(seen: Uint8Array): Uint8Array {
  const bits = new Uint8Array((seen.length + 7) >> 3)
  for (let gram = 0; gram < seen.length; gram++) if (seen[gram] === 1) bits[gram >> 3]! |= 1 << (gram & 7)
  return bits
}

/** The grams to look for. Empty when the text has no word of three letters: then no filter can help. */
export function gramsOf(text: string): number[] {
  const found = new Set<number>()
  const bytes = Buffer.from(text)
  for (let at = 0; at + 2 < bytes.length; at++) {
    const [a, b, c] = [letters[bytes[at]!]!, letters[bytes[at + 1]!]!, letters[bytes[at + 2]!]!]
    if (a > 0 && b > 0 && c > 0) found.add(((a - 1) * base + b - 1) * base + c - 1)
  }
  return [...found]
}

/** False when the text that the grams are of is nowhere in the block. */
export function hasGrams(filter: Uint8Array, wanted: readonly number[]): boolean {
  return wanted.every((gram) => (filter[gram >> 3]! & (1 << (gram & 7))) !== 0)
}
