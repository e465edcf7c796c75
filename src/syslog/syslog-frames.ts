// A stream of syslog messages over TCP → single messages, by RFC 6587: each says for itself whether it is counted (`57 <34>1 …`)
// or ends with LF or NUL. Pure, so that streams can be cut anywhere in tests. Nothing is passed over but what is empty.

export interface SyslogFrame {
  /** Without count and trailer; valid until the next call. */
  bytes: Uint8Array
  /** Number of the part, from 1, of a message that is too long for one. */
  fragment?: number
  /** The last part. */
  isLast?: true
  /** The stream ended before the message did: so many bytes of it never came. */
  missingBytes?: number
}

export interface SyslogFrames {
  take(chunk: Uint8Array): SyslogFrame[]
  /** The rest when the stream has ended. */
  end(): SyslogFrame[]
}

const [lf, cr, space, zero, nine, less] = [0x0a, 0x0d, 0x20, 0x30, 0x39, 0x3c]
const mostDigits = 9

/** The beginning of a message that goes on in the next chunk. */
interface Held {
  length(): number
  add(bytes: Uint8Array): void
  take(): Uint8Array
}

function openHeld(mostBytes: number): Held {
  let held = Buffer.alloc(0)
  let length = 0
  return {
    length: () => length,
    add(bytes) {
      if (held.length < length + bytes.length) {
        const larger = Buffer.allocUnsafe(Math.min(mostBytes, 2 * (length + bytes.length)))
        held.copy(larger, 0, 0, length)
        held = larger
      }
      held.set(bytes, length)
      length += bytes.length
    },
    take() {
      const bytes = held.subarray(0, length)
      held = Buffer.alloc(0)
      length = 0
      return bytes
    },
  }
}

export function openSyslogFrames(mostBytes: number): SyslogFrames {
  let state: 'between' | 'counted' | 'line' = 'between'
  const held = openHeld(mostBytes)
  /** Of a counted message, what has not come yet. */
  let left = 0
  let fragment = 0

  function takePart(): SyslogFrame {
    const bytes = held.take()
    const end = characterEnd(bytes)
    held.add(bytes.subarray(end))
    return { bytes: bytes.subarray(0, end), fragment: ++fragment }
  }

  /** The message, or its last part, with these bytes at its end. */
  function finish(bytes: Uint8Array): SyslogFrame {
    const isLine = state === 'line'
    state = 'between'
    if (held.length() > 0) {
      held.add(bytes)
      bytes = held.take()
    }
    if (isLine && bytes.at(-1) === cr) bytes = bytes.subarray(0, -1)
    if (fragment === 0) return { bytes }
    const last: SyslogFrame = { bytes, fragment: fragment + 1, isLast: true }
    fragment = 0
    return last
  }

  return {
    take(chunk) {
      const frames: SyslogFrame[] = []
      if (state === 'between' && held.length() > 0) chunk = Buffer.concat([held.take(), chunk])
      const source = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
      let nextNul = -1
      for (let at = 0; at < source.length;) {
        if (state === 'between') {
          const byte = source[at]!
          if (byte === lf || byte === 0 || (byte === cr && source[at + 1] === lf)) {
            at++
            continue
          }
          const count = readCount(source, at)
          if (count === 'unknown') {
            held.add(source.subarray(at))
            break
          }
          state = count ? 'counted' : 'line'
          if (count) ({ left, at } = count)
        }
        let to = source.length
        let isWhole = false
        if (state === 'counted') {
          isWhole = left <= to - at
          if (isWhole) to = at + left
        } else {
          if (nextNul < at) nextNul = indexOrEnd(source, 0, at)
          to = Math.min(indexOrEnd(source, lf, at), nextNul)
          isWhole = to < source.length
        }
        const room = mostBytes - held.length()
        if (to - at > room) {
          to = at + room
          isWhole = false
        }
        const bytes = source.subarray(at, to)
        if (state === 'counted') left -= bytes.length
        if (isWhole) {
          const wasLine = state === 'line'
          const frame = finish(bytes)
          if (frame.bytes.length > 0 || frame.fragment) frames.push(frame)
          at = to + (wasLine ? 1 : 0)
          continue
        }
        held.add(bytes)
        at = to
        if (held.length() === mostBytes && at < source.length) frames.push(takePart())
      }
      return frames
    },
    end() {
      const missingBytes = state === 'counted' ? left : 0
      if (held.length() === 0 && fragment === 0 && missingBytes === 0) return []
      const frame = finish(new Uint8Array(0))
      return [missingBytes > 0 ? { ...frame, missingBytes } : frame]
    },
  }
}

/** `57 <` is a count, and nothing else is: a line may begin with a number. Unknown while too little has come to tell. */
function readCount(bytes: Uint8Array, from: number): { left: number; at: number } | 'unknown' | undefined {
  let at = from
  let left = 0
  for (; at < bytes.length && isDigit(bytes[at]!); at++) {
    if ((at === from && bytes[at] === zero) || at - from === mostDigits) return undefined
    left = left * 10 + bytes[at]! - zero
  }
  if (at === from) return undefined
  if (at < bytes.length && bytes[at] !== space) return undefined
  if (at + 1 >= bytes.length) return 'unknown'
  return bytes[at + 1] === less ? { left, at: at + 1 } : undefined
}

/** A length at which no UTF-8 character is halved. */
function characterEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= 3; back++) {
    const byte = bytes.at(-back)!
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

function indexOrEnd(bytes: Buffer, byte: number, from: number): number {
  const found = bytes.indexOf(byte, from)
  return found < 0 ? bytes.length : found
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= nine
}
