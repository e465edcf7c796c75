// Texts as columns are made from them, many in one piece of memory: joined, picked, measured.

/** Text `i` is `bytes[start[i], end[i])`, UTF-8. */
export interface Texts {
  bytes: Uint8Array
  start: Uint32Array
  end: Uint32Array
  count: number
}

/** The texts of these rows. */
export function pick({ bytes, start, end }: Texts, rows: ArrayLike<number>): Texts {
  const count = rows.length
  const picked = { bytes, start: new Uint32Array(count), end: new Uint32Array(count), count }
  for (let i = 0; i < count; i++) {
    picked.start[i] = start[rows[i]!]!
    picked.end[i] = end[rows[i]!]!
  }
  return picked
}

/** A single text, decoded. */
export function textAt({ bytes, start, end }: Texts, index: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start[index]!, end[index]! - start[index]!).toString('utf8')
}

/** All texts behind each other. */
export function concatenate({ bytes, start, end, count }: Texts): { text: Uint8Array; lengths: Uint32Array } {
  const lengths = new Uint32Array(count)
  let total = 0
  for (let i = 0; i < count; i++) total += lengths[i] = end[i]! - start[i]!
  const text = new Uint8Array(total)
  let at = 0
  for (let i = 0; i < count; i++) at = copyBytes(bytes, start[i]!, end[i]!, text, at)
  return { text, lengths }
}

/** Copies bytes and returns where they end. A few bytes are copied by hand: a call costs more. */
export function copyBytes(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  if (end - start > 48) {
    to.set(from.subarray(start, end), at)
    return at + end - start
  }
  for (let i = start; i < end; i++) to[at++] = from[i]!
  return at
}

export function longestOf(lengths: Uint32Array): number {
  let longest = 0
  for (const length of lengths) if (length > longest) longest = length
  return longest
}

/** The ASCII characters that occur, in lower case, each once. */
export function charactersOf(bytes: Uint8Array): string {
  const seen = new Uint8Array(256)
  for (let i = 0; i < bytes.length; i++) seen[bytes[i]!] = 1
  let characters = ''
  for (let code = 0; code < 128; code++) if (seen[code] === 1) characters += String.fromCharCode(code).toLowerCase()
  return [...new Set(characters)].join('')
}
