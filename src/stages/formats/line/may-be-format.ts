// Whether a line can be of any text format, by a look at its first bytes: most lines are not, and are never made a string.

/** Longer first words are none. */
const longestWord = 100
const [space, quote, hyphen, point, slash] = [0x20, 0x22, 0x2d, 0x2e, 0x2f]
const comma = 0x2c
const [colon, less, equals, bracket, closing] = [0x3a, 0x3c, 0x3d, 0x5b, 0x5d]

export function mayBeFormat(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2) return false
  const first = bytes[start]!
  const second = bytes[start + 1]!
  if (isDigit(first)) return mayBeTime(bytes, start, end)
  if (first === bracket) return isDigit(second) || isCapital(second) || isWordInBracket(bytes, start + 1, end)
  // A priority, or Blue Gene's dash.
  if (first === less) return isDigit(second)
  if (first === hyphen) return second === space && isDigit(bytes[start + 2]!)
  if (isCapital(first)) {
    if (isCapital(second)) return isLevelOrLabel(bytes, start, end)
    // klog.
    if (isDigit(second)) return first === 0x49 || first === 0x57 || first === 0x45 || first === 0x46
    // The name of a month or a weekday.
    if (bytes[start + 3] === space && 'JFMASONDTW'.includes(String.fromCharCode(first))) return true
    // `Sun, 19 Oct`, and `E, [` of Ruby.
    if (bytes[start + 3] === comma || second === comma) return true
  }
  return isNameOrKey(bytes, start, end)
}

/** Digits, and then what follows them in dates, clocks, addresses, or Redis' process: `7 orders` is none. */
function mayBeTime(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start + 1
  while (i < end && isDigit(bytes[i]!)) i++
  const next = bytes[i]!
  if (next === hyphen || next === slash || next === point || next === colon) return true
  const length = i - start
  if (next === space) {
    if (length === 6) return isDigit(bytes[i + 1]!)
    return length === 2 ? isCapital(bytes[i + 1]!) : length === 1 && bytes[i + 5] === hyphen
  }
  // An address of IPv6 may have letters.
  for (; i < end && i < start + 5; i++) if (bytes[i] === colon) return true
  return false
}

/** `[warn ]` */
function isWordInBracket(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end && i < start + 13; i++) {
    const code = bytes[i]!
    if (code === closing) return true
    if (code !== space && (code < 97 || code > 122)) return false
  }
  return false
}

/** `ERROR:`, or a label in front of a time, as of Blue Gene in front of its seconds. */
function isLevelOrLabel(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start + 2
  while (i < end && i < start + 40 && isCapital(bytes[i]!)) i++
  const next = bytes[i]
  if (next === colon) return true
  if (next !== space) return isNameOrKey(bytes, start, end)
  while (bytes[i] === space) i++
  return bytes[i] === bracket || (isDigit(bytes[i]!) && isDigit(bytes[i + 8]!))
}

/** A first word that is `key=…` of logfmt, or in front of what follows the name of a file or a host. */
function isNameOrKey(bytes: Uint8Array, start: number, end: number): boolean {
  const limit = Math.min(end, start + longestWord)
  for (let i = start; i < limit; i++) {
    const code = bytes[i]!
    if (code === equals) return i > start && endsWithPair(bytes, i, end)
    if (code > space) continue
    return code === space && isBehindName(bytes, i + 1)
  }
  return false
}

/** `key=value` or `key="value"`, as the end of any line that is logfmt. */
function endsWithPair(bytes: Uint8Array, start: number, end: number): boolean {
  let i = end - 1
  while (i > start && bytes[i]! <= space) i--
  if (bytes[i] === quote) return true
  while (i > start && bytes[i]! > space && bytes[i] !== equals) i--
  return bytes[i] === equals
}

/** Signs behind the name of a file or of a host: a date, `- `, or an address. */
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
