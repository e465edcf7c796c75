// Bytes → lines: where each begins and ends, without its newline (LF or CRLF).

export interface Lines {
  /** Line `i` is `[start[i], end[i])`. */
  start: Uint32Array
  end: Uint32Array
}

/** Splits `bytes[0, length)`, whose last byte is a newline. */
export function splitLines(bytes: Buffer, length: number): Lines {
  let capacity = 16 + (length >> 6)
  let start = new Uint32Array(capacity)
  let end = new Uint32Array(capacity)
  let count = 0
  for (let at = 0; at < length;) {
    const newline = bytes.indexOf(10, at)
    if (count === capacity) {
      capacity *= 2
      start = grow(start, capacity)
      end = grow(end, capacity)
    }
    start[count] = at
    end[count++] = newline > at && bytes[newline - 1] === 13 ? newline - 1 : newline
    at = newline + 1
  }
  return { start: start.subarray(0, count), end: end.subarray(0, count) }
}

function grow(array: Uint32Array, capacity: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(capacity)
  larger.set(array)
  return larger
}

/** Where to cut a line that is too long: at most `limit`, and not inside a UTF-8 character. */
export function fragmentEnd(bytes: Uint8Array, limit: number): number {
  let end = limit
  while (end > limit - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return (bytes[end]! & 0xc0) === 0x80 ? limit : end
}
