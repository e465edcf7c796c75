// Pieces of a log → its lines, put together again, each with its number among the lines of the same stream and time.
import type { Piece } from './log-pieces.ts'

export interface LogLine {
  stream: Piece['stream']
  time: string
  /** Among the lines of its stream that have this time, from 1, as this answer of the engine has them. */
  ordinal: number
  text: Buffer
  /** Has the same piece twice, which the line may have, or a follow where the log was rotated. */
  isDoubtful: boolean
}

/** A longer line becomes several. */
const mostLineBytes = 16 * 1024 * 1024
const carriageReturn = 0x0d

export interface LineReader {
  add(pieces: readonly Piece[]): LogLine[]
  /** Lines that have no end, since their writer has ended. */
  flush(): LogLine[]
  /** Bytes of lines that are not finished. */
  heldBytes(): number
}

interface Begun {
  time: string
  texts: Buffer[]
  bytes: number
  isDoubtful: boolean
}

/** Lines of a terminal end with a carriage return, which may be a piece of its own. */
export function openLineReader(isTerminal: boolean): LineReader {
  const begun = new Map<Piece['stream'], Begun>()
  const last = new Map<Piece['stream'], { time: string; count: number }>()

  function finish(stream: Piece['stream'], { time, texts, isDoubtful }: Begun): LogLine {
    begun.delete(stream)
    const before = last.get(stream)
    const count = before?.time === time ? before.count + 1 : 1
    last.set(stream, { time, count })
    const text = texts.length === 1 ? texts[0]! : Buffer.concat(texts)
    const isReturned = isTerminal && text.at(-1) === carriageReturn
    return { stream, time, ordinal: count, text: isReturned ? text.subarray(0, -1) : text, isDoubtful }
  }

  return {
    add(pieces) {
      const lines: LogLine[] = []
      for (const { stream, time, text, isLast } of pieces) {
        let line = begun.get(stream)
        // Pieces of one line have one time: another one means that the rest will not come.
        if (line && (line.time !== time || line.bytes + text.length > mostLineBytes)) {
          lines.push(finish(stream, line))
          line = undefined
        }
        line ??= { time, texts: [], bytes: 0, isDoubtful: false }
        line.isDoubtful ||= line.texts.some((each) => each.equals(text))
        line.texts.push(text)
        line.bytes += text.length
        if (isLast) lines.push(finish(stream, line))
        else begun.set(stream, line)
      }
      return lines
    },
    flush: () => [...begun].map(([stream, line]) => finish(stream, line)),
    heldBytes: () => [...begun.values()].reduce((sum, line) => sum + line.bytes, 0),
  }
}
