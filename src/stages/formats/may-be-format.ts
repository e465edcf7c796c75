// Whether a line can be of any text format, by a look at its first bytes: most lines are not, and are never made a string.

/** Longer first words are none. */
const longestWord = 100
const equals = 0x3d
const space = 0x20
const hyphen = 0x2d
const point = 0x2e
const colon = 0x3a

export function mayBeFormat(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start]!
  const second = bytes[start + 1]!
  if (isDigit(first) || first === 0x5b || first === 0x1b) return true
  // A priority, or Blue Gene's dash.
  if (first === 0x3c) return isDigit(second)
  if (first === hyphen) return second === space && isDigit(bytes[start + 2]!)
  if (isCapital(first)) {
    // A level, klog, or the name of a month or weekday.
    if (isCapital(second)) return true
    if (isDigit(second)) return first === 0x49 || first === 0x57 || first === 0x45 || first === 0x46
    if (bytes[start + 3] === space && 'JFMASONDTW'.includes(String.fromCharCode(first))) return true
  }
  const limit = Math.min(end, start + longestWord)
  for (let i = start; i < limit; i++) {
    const code = bytes[i]!
    // `key=…` of logfmt.
    if (code === equals) return i > start
    if (code > space) continue
    return code === space && isBehindName(bytes, i + 1)
  }
  return false
}

/** What follows the name of a file or of a host: a date, `- `, or an address. */
function isBehindName(bytes: Uint8Array, at: number): boolean {
  const code = bytes[at]!
  if (code === hyphen) return bytes[at + 1] === space
  if (code === colon) return bytes[at + 1] === colon
  if (!isDigit(code)) return false
  if (bytes[at + 4] === hyphen) return isDigit(bytes[at + 1]!) && isDigit(bytes[at + 5]!)
  for (let i = at + 1; i < at + 5; i++) if (bytes[i] === point || bytes[i] === colon) return true
  return false
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90
}
