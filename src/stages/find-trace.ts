// Ends of stack traces that begin in a line: the traces of the common languages, as they look when they are printed. Looks
// at the first bytes of each line only, for nearly all lines belong to no trace.
import type { LinesRead } from '../contracts/stage.ts'

/** How the lines so far are to be gone on with. */
type Kind =
  /** Nothing special: frames may follow. */
  | 'plain'
  /** Frames have been seen: whatever is indented goes on with them. */
  | 'frames'
  /** Python: indented lines, then one that names the exception. */
  | 'traceback'
  | 'exception'
  | 'go'
  | 'rust'
  /** Node names the file and shows the line before an error that nobody caught. */
  | 'node'

export interface FoundTrace {
  /** The first line that does not belong to it. */
  end: number
  /** More of it may follow the last line that is there. */
  isOpen: boolean
}

/** More lines are not one record. */
const mostLines = 1000
const tab = 0x09
const space = 0x20

/** From line `from` on. A line that begins no trace is one of a single line. `mayCome`: what is not there may still come. */
export function findTrace(lines: LinesRead, from: number, mayCome: boolean): FoundTrace {
  const count = lines.start.length
  let kind = kindOfHead(lines, from, mayCome)
  const limit = Math.min(count, from + mostLines)
  let i = from + 1
  while (i < limit) {
    const blanks = kind === 'plain' ? 0 : countBlanks(lines, i)
    if (i + blanks === count) break
    const next = goOn(lines, i + blanks, kind, blanks > 0, i === from + 1)
    if (!next) return { end: i, isOpen: false }
    kind = next
    i += blanks + 1
  }
  return { end: i, isOpen: i < from + mostLines && (kind !== 'plain' || isHead(lines, i - 1)) }
}

function kindOfHead(lines: LinesRead, i: number, mayCome: boolean): Kind {
  switch (lines.text[lines.start[i]!]) {
    case 0x54: // T
      return starts(lines, i, 'Traceback (most recent call last)') ? 'traceback' : 'plain'
    case 0x66: // f
      return starts(lines, i, 'fatal error: ') ? 'go' : nodeOrPlain(lines, i, mayCome)
    case 0x67: // g
      return starts(lines, i, 'goroutine ') ? 'go' : 'plain'
    case 0x70: // p
      return starts(lines, i, 'panic: ') ? 'go' : 'plain'
    case 0x74: // t
      return starts(lines, i, "thread '") && headText(lines, i).includes("' panicked at ") ? 'rust' : 'plain'
    case 0x2f: // /
    case 0x6e: // n
      return nodeOrPlain(lines, i, mayCome)
    case space: // Python
      return starts(lines, i, '  + Exception Group Traceback') ? 'frames' : 'plain'
    case 0x2a: // *, Elixir
      return starts(lines, i, '** (') ? 'frames' : 'plain'
    default:
      return 'plain'
  }
}

/** `/app/index.js:12`, and the line after the next marks the place with `^`. */
function nodeOrPlain(lines: LinesRead, i: number, mayCome: boolean): Kind {
  if (!isDigit(lines.text[lines.end[i]! - 1]) || !/^(\/|file:\/\/\/|node:)\S+:\d+$/.test(headText(lines, i)))
    return 'plain'
  const isMarked = i + 2 < lines.start.length ? isMark(lines, i + 2) : mayCome
  return isMarked ? 'node' : 'plain'
}

const isMark = (lines: LinesRead, i: number): boolean => /^\s*\^+$/.test(headText(lines, i))

/** How a trace goes on with line `i`; undefined when it does not. */
function goOn(lines: LinesRead, i: number, kind: Kind, afterBlank: boolean, isSecond: boolean): Kind | undefined {
  const indent = indentOf(lines, i)
  const isIndented = indent >= 2 || (indent === 1 && lines.text[lines.start[i]!] === tab)
  switch (kind) {
    case 'plain':
      if (isIndented) return isFrame(lines, i, indent) ? 'frames' : undefined
      return starts(lines, i, 'Stack trace:') || starts(lines, i, 'Stacktrace:') ? 'frames' : undefined
    case 'frames':
      if (afterBlank) return starts(lines, i, 'Node.js v') ? kind : undefined
      return isIndented || /^(Caused by: |Suppressed: |#\d|\}$)/.test(headText(lines, i)) ? kind : undefined
    case 'traceback':
      if (afterBlank) return undefined
      return isIndented ? kind : isExceptionName(lines, i) ? 'exception' : undefined
    case 'exception':
      if (!afterBlank) return undefined
      if (starts(lines, i, 'Traceback (')) return 'traceback'
      return starts(lines, i, 'During handling of ') || starts(lines, i, 'The above exception was ') ? kind : undefined
    case 'go':
      if (afterBlank) return /^(goroutine |\[signal )/.test(headText(lines, i)) ? kind : undefined
      return isIndented || /^(goroutine |created by |\[signal |exit status |[^\s(]+\(.*\)$)/.test(headText(lines, i))
        ? kind
        : undefined
    case 'rust':
      if (afterBlank) return undefined
      return isSecond || isIndented || starts(lines, i, 'stack backtrace:') || starts(lines, i, 'note: ')
        ? kind
        : undefined
    case 'node':
      // The line of source, the mark, and behind a blank line the error with its frames.
      if (afterBlank) return 'plain'
      return isSecond || isMark(lines, i) ? kind : undefined
  }
}

/** Of the last line that was read: frames are likely to follow. */
function isHead(lines: LinesRead, i: number): boolean {
  return /[a-z]Error\b|\bError\b|Exception\b|Throwable\b|\bUncaught\b|\bUnhandled\b|[Ss]tack ?trace/.test(
    headText(lines, i),
  )
}

/** `at f (file:1:2)`, `File "x.py", line 3`, `from x.rb:3:in 'f'`, `... 12 more`. */
function isFrame(lines: LinesRead, i: number, indent: number): boolean {
  const first = lines.text[lines.start[i]! + indent]
  if (first === 0x61) return starts(lines, i, 'at ', indent)
  if (first === 0x46) return starts(lines, i, 'File "', indent)
  if (first === 0x66) return starts(lines, i, 'from ', indent)
  return first === 0x2e && starts(lines, i, '... ', indent)
}

/** `ValueError: no`, `psycopg2.OperationalError`. */
function isExceptionName(lines: LinesRead, i: number): boolean {
  return /^[A-Za-z_][\w.]*(:|$)/.test(headText(lines, i))
}

function countBlanks(lines: LinesRead, i: number): number {
  let blanks = 0
  while (i + blanks < lines.start.length && blanks < 2 && indentOf(lines, i + blanks) === lengthOf(lines, i + blanks))
    blanks++
  return blanks
}

function indentOf({ text, start, end }: LinesRead, i: number): number {
  let at = start[i]!
  while (at < end[i]! && (text[at] === space || text[at] === tab)) at++
  return at - start[i]!
}

const isDigit = (code: number | undefined): boolean => code !== undefined && code >= 0x30 && code <= 0x39

const lengthOf = ({ start, end }: LinesRead, i: number): number => end[i]! - start[i]!

function starts({ text, start, end }: LinesRead, i: number, word: string, from = 0): boolean {
  const at = start[i]! + from
  if (end[i]! - at < word.length) return false
  for (let k = 0; k < word.length; k++) if (text[at + k] !== word.charCodeAt(k)) return false
  return true
}

/** The first bytes of line `i`, each of them a character. */
function headText({ text, start, end }: LinesRead, i: number): string {
  const at = start[i]!
  return Buffer.from(text.buffer, text.byteOffset + at, Math.min(end[i]! - at, 1000)).toString('latin1')
}
