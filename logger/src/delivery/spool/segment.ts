// A segment of the spool: JSON lines as they are posted, and notes between them. The name of its file is the name of its batch,
// so that a file that is there is a batch that is not answered, and nothing else has to be remembered.
import type { LogPosition } from '../chunk.ts'

/** Behind the lines of each chunk; what has no note behind it was cut off by a kill. */
export interface SegmentNote {
  /** Records since the note before, those that a gap tells of among them. */
  records: number
  position?: LogPosition | undefined
  /** The segment is one line that tells of records given up. */
  isGap?: boolean
  /** Segments that this one stands for. */
  replaces?: string[]
}

const noteMark = '#'
const noteByte = noteMark.charCodeAt(0)
const lineFeed = 10

/** Segments whose file grows. */
export const openEnding = '.open'
/** Segments that never change again. */
export const sealedEnding = '.ndjson'

export function formatNote(note: SegmentNote): string {
  return `${noteMark}${JSON.stringify(note)}\n`
}

/** Names sort by time. */
export function formatSegmentName(time: number, count: number, owner: string): string {
  return `${String(time).padStart(15, '0')}-${String(count).padStart(6, '0')}-${owner}`
}

export function timeOfSegment(name: string): number {
  return Number(name.slice(0, 15))
}

export interface ReadSegment {
  records: number
  /** Length up to the last note; what follows is torn. */
  wholeBytes: number
  last?: SegmentNote
  replaces: string[]
}

/** A segment as its notes describe it. */
export function readSegment(bytes: Uint8Array): ReadSegment {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const read: ReadSegment = { records: 0, wholeBytes: 0, replaces: [] }
  for (const { from, to } of notesOf(buffer)) {
    const note = parseNote(buffer.toString('utf8', from + 1, to - 1))
    if (!note) continue
    read.records += note.records
    read.wholeBytes = to
    read.last = note
    read.replaces.push(...(note.replaces ?? []))
  }
  return read
}

/** The lines alone: the bytes that are posted. */
export function linesOfSegment(bytes: Uint8Array): Buffer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const parts: Buffer[] = []
  let at = 0
  for (const { from, to } of notesOf(buffer)) {
    if (from > at) parts.push(buffer.subarray(at, from))
    at = to
  }
  if (at < buffer.length) parts.push(buffer.subarray(at))
  return Buffer.concat(parts)
}

/** Whole lines that begin with the mark; JSON lines begin with a brace and have no line feed within. */
function* notesOf(buffer: Buffer): Generator<{ from: number; to: number }> {
  for (let from = nextNote(buffer, 0); from >= 0;) {
    const end = buffer.indexOf(lineFeed, from)
    if (end < 0) return
    yield { from, to: end + 1 }
    from = nextNote(buffer, end + 1)
  }
}

function nextNote(buffer: Buffer, lineStart: number): number {
  if (buffer[lineStart] === noteByte) return lineStart
  const found = buffer.indexOf(`\n${noteMark}`, lineStart)
  return found < 0 ? -1 : found + 1
}

function parseNote(text: string): SegmentNote | undefined {
  try {
    return JSON.parse(text) as SegmentNote
  } catch {
    return undefined
  }
}
