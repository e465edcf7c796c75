// The one tailer: a file and an offset, nothing else. It holds back no bytes of its own; what is not yet a whole line is
// read again, so wherever it is killed the offset of the last commit is the whole truth.
import { isUtf8 } from 'node:buffer'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { CursorValue } from '../store.ts'
import { fragmentEnd, splitLines, type Lines } from './split-lines.ts'

/** Something of the file will never be read. */
export interface TailGap {
  cause: 'truncated' | 'replaced' | 'backlog' | 'hole'
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
  /** What was found missing before these lines. */
  gap?: TailGap
}

export interface TailOptions {
  path: string
  /** Where the last commit left off. */
  cursor?: CursorValue | undefined
  /** Bytes read at once. */
  windowBytes?: number
  /** Longer lines come in parts. */
  maxLineBytes?: number
  /** When more than this is unread, the oldest of it is skipped. */
  backlogLimitBytes?: number
  /** The head may have been punched out (a capture file), so a hole of zeros at the offset is a gap. */
  mayHaveHoles?: boolean
  /** Gives the memory for what is read: the text of a chunk is valid as long as that is. */
  allocate?: (length: number) => Uint8Array<ArrayBuffer>
}

export interface Tail {
  /** The next lines, or undefined when there are none now. `final`: a last line without newline counts as a line. */
  read(final?: boolean): TailChunk | undefined
  /** To be committed together with everything that `read` has given out so far. */
  cursor(): CursorValue
  offset(): number
  /** The file is not as the last `read` saw it. */
  changed(): boolean
  /** Bytes in the file that have not been given out. */
  backlogBytes(): number
  close(): void
}

/** So many bytes before the offset are remembered, to notice a file that was truncated and grew again. */
const rememberedBytes = 64
const holeBytes = 4096

/** Opens `path` for tailing. Throws ENOENT and the like as they come from the system. */
export function openTail(options: TailOptions): Tail {
  const windowBytes = options.windowBytes ?? 256 * 1024
  const maxLineBytes = options.maxLineBytes ?? 1024 * 1024
  const backlogLimitBytes = options.backlogLimitBytes ?? 1024 ** 3
  const fd = openSync(options.path, 'r')
  const inode = fstatSync(fd).ino
  let offset = 0
  let fragment = 0
  /** The bytes just before `offset`. */
  let remembered: Uint8Array = new Uint8Array(0)
  let sizeAtLastRead = -1
  /** Tells of a file that was truncated and has grown to the same size since. */
  let modifiedAtLastRead = 0
  let moreWaits = true
  /** Holes are where an earlier tailer was; later ones lie behind this one's offset. */
  let mayHaveHole = options.mayHaveHoles === true
  let gap: TailGap | undefined

  if (options.cursor) resume(options.cursor)

  function resume(cursor: CursorValue): void {
    const at = Number(cursor.offset)
    const bytes = readAt(Math.max(0, at - rememberedBytes), Math.min(rememberedBytes, at))
    const isThere = cursor.inode === inode && bytes.length === Math.min(rememberedBytes, at)
    // On a full disk the hub before may have given up what stood there.
    const isHole = options.mayHaveHoles === true && bytes.every((byte) => byte === 0)
    if (isThere && (isHole || crc32(bytes) === cursor.check)) {
      offset = at
      fragment = Number(cursor.fragment ?? 0)
      remembered = bytes
    } else {
      gap = { cause: cursor.inode === inode ? 'truncated' : 'replaced', from: at, to: 0, bytes: 'unknown' }
    }
  }

  function readAt(position: number, length: number, allocate?: TailOptions['allocate']): Buffer {
    const memory = allocate?.(length)
    const buffer = memory ? Buffer.from(memory.buffer, memory.byteOffset, length) : Buffer.allocUnsafeSlow(length)
    let got = 0
    while (got < length) {
      const count = readSync(fd, buffer, got, length - got, position + got)
      if (count === 0) break
      got += count
    }
    return got === length ? buffer : buffer.subarray(0, got)
  }

  function startOver(): void {
    gap = { cause: 'truncated', from: offset, to: 0, bytes: 'unknown' }
    offset = 0
    fragment = 0
    remembered = new Uint8Array(0)
  }

  function skipTo(position: number, cause: TailGap['cause']): void {
    gap = { cause, from: offset, to: position, bytes: position - offset }
    offset = position
    fragment = 0
    remembered = readAt(Math.max(0, position - rememberedBytes), Math.min(rememberedBytes, position))
  }

  /** Where the next line starts that lies wholly within the limit. */
  function nextLineStart(position: number, size: number): number {
    for (let at = position; at < size; at += windowBytes) {
      const bytes = readAt(at, Math.min(windowBytes, size - at))
      const newline = bytes.indexOf(10)
      if (newline >= 0) return at + newline + 1
    }
    return position
  }

  /** The unread bytes, at most `length` of them; undefined when the file turned out to have been rewritten. */
  function unread(length: number): Buffer | undefined {
    const bytes = readAt(offset - remembered.length, remembered.length + length, options.allocate)
    if (bytes.subarray(0, remembered.length).compare(remembered) !== 0) return undefined
    return bytes.subarray(remembered.length)
  }

  function holeLength(size: number): number {
    let at = offset
    while (at < size) {
      const bytes = readAt(at, Math.min(windowBytes, size - at))
      const end = bytes.findIndex((byte) => byte !== 0)
      if (end >= 0) return at + end - offset
      at += bytes.length
      if (bytes.length === 0) break
    }
    return at - offset
  }

  function take(
    bytes: Buffer,
    length: number,
    lines: Lines,
    part: Pick<TailChunk, 'fragment' | 'lastFragment'>,
  ): TailChunk {
    const text = bytes.subarray(0, length)
    offset += length
    remembered =
      length >= rememberedBytes
        ? new Uint8Array(text.subarray(length - rememberedBytes))
        : new Uint8Array(Buffer.concat([remembered, text]).subarray(-rememberedBytes))
    const chunk: TailChunk = { text, ...lines, utf8: isUtf8(text), ...part }
    if (gap) chunk.gap = gap
    gap = undefined
    return chunk
  }

  return {
    read(final = false) {
      const { size, mtimeMs } = fstatSync(fd)
      if (size === sizeAtLastRead && mtimeMs === modifiedAtLastRead && !moreWaits && !final) return undefined
      sizeAtLastRead = size
      modifiedAtLastRead = mtimeMs
      moreWaits = false
      if (size < offset) startOver()
      if (size - offset > backlogLimitBytes) skipTo(nextLineStart(size - backlogLimitBytes, size), 'backlog')
      for (let length = windowBytes; ; length = maxLineBytes + 4) {
        let bytes = unread(Math.min(length, size - offset))
        if (!bytes) {
          startOver()
          bytes = unread(Math.min(length, size)) ?? Buffer.alloc(0)
        }
        if (mayHaveHole && bytes[0] === 0) {
          const hole = holeLength(size)
          if (hole >= holeBytes) {
            // It ends within a line, as a rule.
            skipTo(nextLineStart(offset + hole, size), 'hole')
            length = windowBytes
            bytes = unread(Math.min(length, size - offset)) ?? Buffer.alloc(0)
          }
        }
        if (bytes.length > 0) mayHaveHole = false
        const end = bytes.lastIndexOf(10) + 1
        moreWaits = offset + bytes.length < size
        if (end > 0) {
          const part = fragment > 0 ? { fragment: fragment + 1, lastFragment: true } : {}
          fragment = 0
          return take(bytes, end, splitLines(bytes, end), part)
        }
        if (bytes.length >= maxLineBytes) {
          moreWaits = true
          const cut = fragmentEnd(bytes, maxLineBytes)
          fragment++
          return take(
            bytes,
            cut,
            { start: Uint32Array.of(0), end: Uint32Array.of(cut) },
            { fragment, lastFragment: false },
          )
        }
        if (moreWaits && length < maxLineBytes) continue
        if (final && bytes.length > 0) {
          const part = fragment > 0 ? { fragment: fragment + 1, lastFragment: true } : {}
          fragment = 0
          return take(bytes, bytes.length, { start: Uint32Array.of(0), end: Uint32Array.of(bytes.length) }, part)
        }
        return gap ? take(bytes, 0, { start: new Uint32Array(0), end: new Uint32Array(0) }, {}) : undefined
      }
    },
    cursor: () => ({ offset, inode, check: crc32(remembered), ...(fragment > 0 ? { fragment } : {}) }),
    offset: () => offset,
    changed() {
      const { size, mtimeMs } = fstatSync(fd)
      return moreWaits || size !== sizeAtLastRead || mtimeMs !== modifiedAtLastRead
    },
    backlogBytes: () => Math.max(0, fstatSync(fd).size - offset),
    close: () => closeSync(fd),
  }
}
