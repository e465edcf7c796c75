// Logs as an engine sends them → pieces: what a container wrote at once, with its stream and time. Without a terminal each piece is
// a frame of 8 bytes of head; with one there are no frames, and pieces are told apart by their text.

export interface Piece {
  stream: 'stdout' | 'stderr'
  /** Seconds and nine digits, as text that sorts like the times: `1795980199.911161510`. */
  time: string
  /** Without the newline. */
  text: Buffer
  /** False where more of the same line comes. */
  isLast: boolean
}

export type PieceReader = (chunk: Buffer) => Piece[]

/** The engine's own words in the place of a line: what it could not read. */
export class EngineFault extends Error {}

const headBytes = 8
const newline = 0x0a
const space = 0x20
/** Engines pass on what they read, and they read so much at once. */
const pieceBytes = 16_384
const mostStampBytes = '2026-11-29T19:23:19.911161510+01:00 '.length
/** No engine writes such a frame: the stream is out of step. */
const mostFrameBytes = 64 * 1024 * 1024

/** Reads frames. Throws `EngineFault` where the engine tells of an error, or makes no sense. */
export function openFrameReader(): PieceReader {
  const times = openStampReader()
  let left: Buffer = Buffer.alloc(0)
  return (chunk) => {
    const bytes = left.length > 0 ? Buffer.concat([left, chunk]) : chunk
    const pieces: Piece[] = []
    let at = 0
    while (at + headBytes <= bytes.length) {
      const length = bytes.readUInt32BE(at + 4)
      const isHead = bytes[at]! <= 3 && bytes.readUIntBE(at + 1, 3) === 0
      if (!isHead || length > mostFrameBytes) throw new EngineFault('the engine sends what is no log')
      const end = at + headBytes + length
      if (end > bytes.length) break
      const body = bytes.subarray(at + headBytes, end)
      if (bytes[at] === 3) throw new EngineFault(body.toString('utf8').trim())
      const hasEnd = body.at(-1) === newline
      const gap = body.indexOf(space)
      const time = times(body.toString('latin1', 0, gap))
      if (gap < 0 || time === undefined) throw new EngineFault('the engine sends a line without its time')
      const text = body.subarray(gap + 1, hasEnd ? body.length - 1 : body.length)
      pieces.push({ stream: bytes[at] === 2 ? 'stderr' : 'stdout', time, text, isLast: hasEnd })
      at = end
    }
    left = bytes.subarray(at)
    return pieces
  }
}

/**
 * Reads the log of a terminal. A long line comes in pieces of `pieceBytes`, each with the time of the first in front of it, and without
 * a newline between them. `flush` gives a last line without its end.
 */
export function openTerminalReader(): { read: PieceReader; flush(): Piece[] } {
  const times = openStampReader()
  let left: Buffer = Buffer.alloc(0)

  function take(bytes: Buffer, isEnd: boolean): Piece[] {
    const pieces: Piece[] = []
    let at = 0
    while (at < bytes.length) {
      const gap = bytes.subarray(at, at + mostStampBytes).indexOf(space) + at
      if (gap < at && bytes.length - at < mostStampBytes) break
      const stamp = bytes.toString('latin1', at, gap)
      const time = times(stamp)
      if (time === undefined) throw new EngineFault('the engine sends a line without its time')
      const start = gap + 1
      const lineEnd = bytes.indexOf(newline, start)
      const cut = start + pieceBytes
      const again = Buffer.from(`${stamp} `)
      const end = lineEnd < 0 ? bytes.length : lineEnd
      if (end > cut || (end === cut && lineEnd < 0)) {
        // The text behind it decides whether the line is one piece that is longer, or goes on in another.
        if (!isEnd && bytes.length < cut + again.length) break
        if (bytes.subarray(cut, cut + again.length).equals(again)) {
          pieces.push({ stream: 'stdout', time, text: bytes.subarray(start, cut), isLast: false })
          at = cut
          continue
        }
      }
      if (lineEnd < 0 && !isEnd) break
      pieces.push({ stream: 'stdout', time, text: bytes.subarray(start, end), isLast: true })
      at = end + 1
    }
    left = bytes.subarray(at)
    return pieces
  }

  return {
    read: (chunk) => take(left.length > 0 ? Buffer.concat([left, chunk]) : chunk, false),
    flush: () => (left.length > 0 ? take(left, true) : []),
  }
}

/** Reads times as RFC 3339 has them, with any number of digits of a second and any offset; undefined where it is none. */
export function openStampReader(): (stamp: string) => string | undefined {
  let lastSecond = ''
  let lastTime = 0
  return (stamp) => {
    const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(stamp)
    if (!parts) return undefined
    const [, second, digits = '', zone] = parts
    if (second! + zone! !== lastSecond) {
      lastTime = Date.parse(second! + zone!) / 1000
      lastSecond = second! + zone!
    }
    if (Number.isNaN(lastTime)) return undefined
    return `${String(lastTime).padStart(10, '0')}.${digits.padEnd(9, '0')}`
  }
}

/** Unix milliseconds with their fraction. */
export function millisecondsOf(time: string): number {
  const point = time.indexOf('.')
  return Number(time.slice(0, point)) * 1000 + Number(time.slice(point + 1)) / 1e6
}

/** A time in that form, of Unix milliseconds. */
export function stampAt(milliseconds: number): string {
  const nanoseconds = Math.floor((milliseconds % 1000) * 1e6)
  return `${String(Math.floor(milliseconds / 1000)).padStart(10, '0')}.${String(nanoseconds).padStart(9, '0')}`
}
