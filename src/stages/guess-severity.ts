// Severity from the text of a line. One pass over the first bytes that looks at each word and where it stands: a level
// at the start, after a timestamp, in brackets, in colour, in capitals or after `level=`. It would rather miss an error
// than cry one: "0 errors", "no error" and "error_count=0" are good news.
import { severities } from '../contracts/record.ts'
import { behindAnsi, stripAnsi } from '../text/ansi.ts'
import { hashesOf, hashLetter, hashSeed, isKnownHash, levelWord, type LevelWord } from './level-words.ts'

/** Loggers put the level in front. */
const headBytes = 160

const { INFO, WARNING, ERROR } = severities
const escape = 0x1b
/** Of a control character of 8 bits, in UTF-8; of other characters, too. */
const firstOfC1 = 0xc2
const colon = 0x3a
const space = 0x20

const singleLetters: Record<string, number> = { T: 1, V: 1, D: 5, I: 9, N: 9, W: 13, E: 17, C: 21, F: 21 }
const levelKeys = hashesOf('level lvl severity loglevel')
const denials = hashesOf('no without zero not any')
/** Words that stand in front of a message without being part of it: of dates, and npm's name. */
const prefixWords = hashesOf(
  'jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun utc gmt am pm npm',
)
/** `Error rate: 0 %` is about errors, not one. */
const nounAfter =
  /^ (rates?|counts?|handl(er|ers|ing)|reporting|budgets?|tracking|logs?|levels?|pages?|free|correction)\b/i
const zeroAfter = /^"?\s*[:=]\s*0(?![.\d]*[1-9])/
const trouble =
  /^(Traceback \(most recent|Unhandled|Uncaught|Exception in thread|Segmentation fault|thread '.*' panicked)/

/** SeverityNumber of the line `bytes[start, end)`; undefined when it names no level. */
export function guessSeverity(bytes: Uint8Array, start: number, end: number): number | undefined {
  let limit = Math.min(end, start + headBytes)
  const first = bytes[start]!
  // Go's klog: `E1019 05:55:47.606 …`
  if (isCapital(first) && isDigit(bytes[start + 1]) && isDigit(bytes[start + 4]) && bytes[start + 5] === space) {
    const severity = 'IWEF'.includes(String.fromCharCode(first)) && singleLetters[String.fromCharCode(first)]
    if (severity) return severity
  }
  /** Nothing but timestamps, brackets and the like so far. */
  let prefix = true
  /** In the first token that is not prefix. */
  let firstToken = true
  let brackets = 0
  let keyed = false
  let denied = false
  /** The byte in front of the current one, with colours taken out. */
  let before = 0
  let coloured = false
  for (let i = start; i < limit;) {
    const code = bytes[i]!
    if (!isLetter(code)) {
      if (code === escape || code === firstOfC1) {
        const behind = behindAnsi(bytes, i, end)
        if (behind > i) {
          limit = Math.min(end, limit + behind - i)
          i = behind
          coloured = true
          continue
        }
      }
      if (code === 0x5b) brackets++
      else if (code === 0x5d && brackets > 0) brackets--
      else if (code === space || code === 9) {
        if (!prefix) firstToken = false
      } else if (code === 0x30 && !isDigit(bytes[i + 1]) && !isDigit(before)) denied = true
      if (code !== 0x3d && code !== colon && code !== 0x22 && code !== 0x27) keyed = false
      else if (keyed && code === colon && bytes[i - 1] !== 0x22) keyed = false
      if (code !== space) coloured = false
      before = code
      i++
      continue
    }
    let to = i
    let hash = hashSeed
    let capitals = 0
    for (; to < end && isLetter(bytes[to]!); to++) {
      hash = hashLetter(hash, bytes[to]!)
      if (bytes[to]! < 97) capitals++
    }
    const length = to - i
    const after = to < end ? bytes[to]! : 0
    const known = isKnownHash(hash)
    if (known) {
      const level = levelWord(hash, bytes, i, to)
      if (level && isEdge(before) && isEdgeAfter(after, bytes[to + 1])) {
        const place: Place = { bytes, i, to, end, before, after, prefix, keyed, denied, coloured, capitals, brackets }
        if (names(level, place)) return level.severity
      }
    }
    if (length === 1 && before === 0x5b && after === 0x5d && prefix) {
      const severity = singleLetters[String.fromCharCode(code)]
      if (severity) return severity
    }
    if (firstToken || after === colon) {
      const severity = nameOfTrouble(bytes, i, to, end, after, prefix, firstToken)
      if (severity) return severity
    }
    keyed = known && levelKeys.has(hash) && (after === 0x3d || after === 0x22)
    denied = known && denials.has(hash)
    const byTheNumber = length === 1 && (isDigit(before) || isDigit(after))
    if (prefix && brackets === 0 && !byTheNumber && !(known && prefixWords.has(hash))) prefix = false
    before = bytes[to - 1]!
    coloured = false
    i = to
  }
  return undefined
}

interface Place {
  bytes: Uint8Array
  /** The word. */
  i: number
  to: number
  end: number
  before: number
  after: number
  prefix: boolean
  keyed: boolean
  denied: boolean
  coloured: boolean
  capitals: number
  brackets: number
}

/** Whether the word at this place is the line's level. */
function names(level: LevelWord, place: Place): boolean {
  const { bytes, i, to, end, before, after, prefix, keyed, denied, coloured, capitals, brackets } = place
  if (keyed) return true
  const rest = textOf(bytes, to, Math.min(end, to + 24))
  if (denied || zeroAfter.test(rest)) return false
  const closed = after === 0x5d || after === 0x7c || after === 0x3e
  const opened = before === 0x5b || before === 0x7c || (before === 0x3c && prefix)
  if (opened && closed) return true
  if (brackets > 0 && prefix && closed && !level.weak) return true
  if (coloured && (after === escape || after === firstOfC1)) return true
  if (capitals === to - i) return !level.weak || after === colon
  if (prefix && after === colon) return level.takesColon
  if (level.weak) return false
  if (after === colon) return level.opensSentence && before === space && bytes[i - 2] === colon
  if (!prefix || !level.opensSentence) return false
  return (after === space && !nounAfter.test(rest)) || after === 0x5b || after === 0x21 || after === 0
}

/** `TypeError: …`, `java.lang.IllegalStateException`, `Traceback …`, `DeprecationWarning: …` */
function nameOfTrouble(
  bytes: Uint8Array,
  from: number,
  to: number,
  end: number,
  after: number,
  prefix: boolean,
  firstToken: boolean,
): number | undefined {
  const last = bytes[to - 1]
  if (firstToken && (after === colon || to === end || after === 0x0d)) {
    if (last === 0x72 && to - from > 5 && endsWith(bytes, to, 'Error')) return ERROR
    if (last === 0x6e && to - from >= 9 && endsWith(bytes, to, 'Exception')) return ERROR
  }
  if (last === 0x67 && after === colon && to - from > 7 && endsWith(bytes, to, 'Warning')) return WARNING
  const initial = bytes[from]
  if (!prefix || (initial !== 0x54 && initial !== 0x55 && initial !== 0x45 && initial !== 0x53 && initial !== 0x74)) {
    return undefined
  }
  return trouble.test(textOf(bytes, from, Math.min(end, from + 100))) ? ERROR : undefined
}

/** Without colours, as Latin-1. */
function textOf(bytes: Uint8Array, from: number, to: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
  return text.includes('\x1b') ? stripAnsi(text) : text
}

function endsWith(bytes: Uint8Array, to: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[to - word.length + i] !== word.charCodeAt(i)) return false
  return true
}

/** A word that goes on with a digit, `_`, `.`, `-` or `/` on its left is part of a name. */
function isEdge(code: number): boolean {
  return !(isDigit(code) || code === 0x5f || code === 0x2e || code === 0x2d || code >= 0x80 || isLetter(code))
}

/** On its right as well, but `/` may separate it (`ERROR/MainProcess`) and a sentence may end. */
function isEdgeAfter(code: number, next: number | undefined): boolean {
  if (code === 0x2e || code === 0x2d) return false
  if (code === 0x28) return next !== 0x29
  return !(isDigit(code) || code === 0x5f || code >= 0x80)
}

function isLetter(code: number): boolean {
  const lower = code | 32
  return lower >= 97 && lower <= 122
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90
}

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 48 && code <= 57
}

/** Severity of a line without any level. */
export const defaultSeverity: number = INFO
