// The stage that makes one record of lines that belong together: stack traces without being told, other entries of several
// lines by a rule. Lines are joined where they lie, before they are records; those at the end that may go on are read again.
import { linearRegExp } from '../query/match/regular-expression.ts'
import type { JoinedLines, LinesRead, StageType } from '../contracts/stage.ts'
import { plainTexts } from '../text/plain-texts.ts'
import { findTrace, type FoundTrace } from './find-trace.ts'

export interface JoinLinesOptions {
  traces: boolean
  indented: boolean
  start?: string | undefined
  waitMs: number
}

/** More lines are not one record. */
const mostLines = 1000
const tab = 0x09
const space = 0x20

export const joinLines: StageType<JoinLinesOptions> = {
  name: 'joinLines',
  options: (z) =>
    z.strictObject({
      traces: z.boolean().default(true),
      indented: z.boolean().default(false),
      start: z
        .string()
        .min(1)
        .refine(isPattern, {
          error: ({ input }) => `must be a regular expression, which ${JSON.stringify(input)} is not`,
        })
        .optional(),
      waitMs: z.int().min(1).max(5000).default(100),
    }),
  open(options) {
    const finders = findersOf(options)
    return {
      apply: (batch) => batch,
      join: (lines, mayHold) => join(lines, mayHold, finders),
      holdMs: options.waitMs,
    }
  },
}

/** Finds where what begins in line `from` ends. */
type Finder = (lines: LinesRead, from: number, mayCome: boolean) => FoundTrace

function findersOf({ traces, indented, start }: JoinLinesOptions): Finder[] {
  const finders: Finder[] = []
  if (traces) finders.push(findTrace)
  if (indented) finders.push((lines, from) => findEnd(lines, from, (i) => !isIndented(lines, i)))
  if (start !== undefined) {
    const isStart = linearRegExp(start)
    finders.push((lines, from) => findEnd(lines, from, (i) => isStart(textOf(lines, i))))
  }
  return finders
}

function join(lines: LinesRead, mayHold: boolean, finders: readonly Finder[]): JoinedLines {
  const count = lines.start.length
  const { bytes, ...places } = plainTexts({ bytes: lines.text, start: lines.start, end: lines.end })
  const plain: LinesRead = { text: bytes, ...places }
  const start = new Uint32Array(count)
  const end = new Uint32Array(count)
  let rows = 0
  let i = 0
  while (i < count) {
    let to = i + 1
    let isOpen = false
    for (const find of finders) {
      const found = find(plain, i, mayHold)
      to = Math.max(to, found.end)
      isOpen ||= found.isOpen
    }
    if (mayHold && isOpen) break
    start[rows] = lines.start[i]!
    end[rows++] = lines.end[to - 1]!
    i = to
  }
  return { start: start.subarray(0, rows), end: end.subarray(0, rows), held: count - i }
}

/** The next line that begins something new. */
function findEnd({ start }: LinesRead, from: number, begins: (i: number) => boolean): FoundTrace {
  const limit = Math.min(start.length, from + mostLines)
  let end = from + 1
  while (end < limit && !begins(end)) end++
  return { end, isOpen: end === start.length && end < from + mostLines }
}

function isIndented({ text, start, end }: LinesRead, i: number): boolean {
  const first = text[start[i]!]
  return start[i]! < end[i]! && (first === space || first === tab)
}

function textOf({ text, start, end }: LinesRead, i: number): string {
  return Buffer.from(text.buffer, text.byteOffset + start[i]!, end[i]! - start[i]!).toString()
}

function isPattern(text: string): boolean {
  try {
    linearRegExp(text)
    return true
  } catch {
    return false
  }
}
