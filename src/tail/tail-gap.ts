// What a tailer tells of bytes that it cannot give out.

/** Something of the file will never be read. */
export interface TailGap {
  cause: 'truncated' | 'replaced' | 'removed' | 'backlog' | 'hole' | 'damaged'
  /** Offsets in the file, where they mean something. */
  from: number
  to: number
  bytes: number | 'unknown'
}
