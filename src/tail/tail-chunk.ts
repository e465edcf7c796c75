// Lines as the tailer gives them out, and what it tells of those that are missing.
import type { FileCause } from '../text/gaps.ts'
import type { Lines } from './split-lines.ts'

/** Something of the file will never be read. */
export interface TailGap {
  cause: FileCause
  /** Offsets in the file, where they mean something. */
  from: number
  to: number
  bytes: number | 'unknown'
}

export interface TailChunk extends Lines {
  /** Whole lines, or one fragment of a long line. */
  text: Uint8Array
  /** False: at least one line is not UTF-8. */
  utf8: boolean
  /** Set when the first line is a part of one longer than `maxLineBytes`: 1 for its first part. */
  fragment?: number
  /** Set with `fragment`: this part ends the long line. */
  lastFragment?: boolean
  /** Bytes found missing before these lines. */
  gap?: TailGap
}
