// Options of a tail.
import type { Encoding, FileIdentity } from '../contracts/source-storage.ts'
import type { Stage } from '../contracts/stage.ts'
import type { CursorValue } from '../contracts/store.ts'
import type { TailedFile } from './tailed-file.ts'

export interface TailOptions {
  path: string
  /** Opened already. */
  file?: TailedFile | undefined
  /** The place that the last commit reached. */
  cursor?: CursorValue | undefined
  /** Bytes read at once. */
  windowBytes?: number
  /** Longer lines come in parts. */
  maxLineBytes?: number
  /** When more than this is unread, the oldest of it is skipped. Default: 1 GiB, of files of others never. */
  backlogLimitBytes?: number
  /** The head may have been punched out (a capture file), so a hole of zeros at the offset is a gap. */
  mayHaveHoles?: boolean
  /**
   * A file of others, which must be this one: its beginning is remembered, too, and zeros in front of a truncated one are no lines.
   */
  identity?: FileIdentity
  /** Without a cursor. Default: its beginning. */
  start?: 'beginning' | 'end' | number
  /** Default: UTF-8. A byte order mark counts more. */
  encoding?: Encoding
  /** Size of the file when somebody saw it before it was opened: smaller means truncated meanwhile. */
  seenBytes?: number | undefined
  /** Called when the file was truncated, with the place that reading had reached; the next read begins at the start. */
  truncated?: (before: CursorValue) => void
  /** Makes records of several lines; see Stage. What it holds is read again. */
  join?: Stage['join'] | undefined
  /** Gives the memory for what is read: the text of a chunk is valid as long as that is. */
  allocate?: (length: number) => Uint8Array<ArrayBuffer>
}
