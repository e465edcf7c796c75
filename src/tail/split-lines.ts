// Bytes → lines: where each begins and ends, without its newline (LF or CRLF).

export interface Lines {
  /** Line `i` is `[start[i], end[i])`. */
  start: Uint32Array
  end: Uint32Array
}

export interface SplitLines extends Lines {
  /** Bytes that these lines take. */
  length: number
}

/** Splits `bytes[0, length)`, whose last byte is a newline, into lines: all of them, or the first `mostLines`. */
export function splitLines(bytes: Buffer, length: number, mostLines: number = Infinity): SplitLines {
  let capacity = 16 + (length >> 6)
  let start = new Uint32Array(capacity)
  let end = new Uint32Array(capacity)
  let count = 0
  let at = 0
  while (at < length && count < mostLines) {
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
  return { start: start.subarray(0, count), end: end.subarray(0, count), length: at }
}

function grow(array: Uint32Array, capacity: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(capacity)
  larger.set(array)
  return larger
}
