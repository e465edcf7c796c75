// The one tailer: a file and an offset, nothing else. It holds back no bytes of its own; what is not yet a whole line is
// read again, so wherever it is killed the offset of the last commit is the whole truth.
import { isUtf8 } from 'node:buffer'
import type { FileIdentity } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'
import { beginningBytes, zerosAt } from './beginning.ts'
import { openContent } from './content.ts'
import { lastLineEnd, unitBytes } from './encoding.ts'
import { nextLines, type NextLines } from './next-lines.ts'
import { advance, cursorAt, positionAt, positionOf, startOfFile } from './position.ts'
import type { TailChunk, TailGap } from './tail-chunk.ts'
import type { TailOptions } from './tail-options.ts'
import { openTailedFile } from './tailed-file.ts'

export interface Tail {
  /**
   * The next lines, or undefined when there are none now. `final`: a last line without newline counts as a line. `isDue`: what
   * was held is held no longer.
   */
  read(final?: boolean, isDue?: boolean): TailChunk | undefined
  /** More of it is certain to come. */
  isUnpacking(): boolean
  /** Bytes that the last `read` held, to read them again together with what follows. */
  heldBytes(): number
  /** To be committed together with everything that `read` has given out so far. */
  cursor(): CursorValue
  /** Sees now what the next `read` would: that the file was truncated. */
  noticeTruncation(): void
  offset(): number
  /** The file is not as the last `read` saw it. */
  changed(): boolean
  /** Bytes in the file that have not been given out. */
  backlogBytes(): number
  /** Bytes not given out as of the last look at the file, so that thousands can be asked. */
  knownBacklogBytes(): number
  identity: FileIdentity
  /** Gives its handle back until something is to be read. */
  release(): void
  /** The file is called so now. */
  rename(path: string): void
  close(): void
}

const holeBytes = 4096

/** Opens `path` for tailing. Throws ENOENT and the like as they come from the system. */
export function openTail(options: TailOptions): Tail {
  const { windowBytes = 256 * 1024, maxLineBytes = 1024 * 1024, join } = options
  const file = options.file ?? openTailedFile(options.path, options.identity)
  const { inode } = file
  const readAt = file.read
  /** Nobody punches holes into a file of others for us, and its unread part takes space of theirs. */
  const isFollowed = options.identity !== undefined
  const backlogLimitBytes = options.backlogLimitBytes ?? (isFollowed ? Infinity : 1024 ** 3)
  const content = openContent(file, isFollowed, options.encoding)
  let position = startOfFile
  /** Size and time of the file at the last read; the time tells of one that was truncated and has grown to the same size since. */
  let seen = { size: -1, mtimeMs: 0 }
  let knownSize = Math.max(file.stat().size, options.seenBytes ?? 0)
  /** When what was read last had been written at the latest, as far as can be known. */
  let modified = file.stat().mtimeMs
  let moreWaits = true
  let gap: TailGap | undefined
  let heldBytes = 0
  let isDamageTold = false
  let isRemovalTold = false

  if (options.cursor) resume(options.cursor)
  else if (options.start !== undefined) skipFirst(options.start)
  /**
   * Holes of a capture file are where an earlier tailer was; later ones lie behind this one's offset. Whoever writes without
   * O_APPEND goes on where they were when the file was truncated, behind zeros that nobody wrote.
   */
  let mayHaveHole = options.mayHaveHoles === true || (isFollowed && position.offset <= content.beginsAt())

  /** Begins elsewhere than at the beginning: at the line that is being written, or at an offset. */
  function skipFirst(start: 'beginning' | 'end' | number): void {
    if (start === 'beginning') return
    const to = start === 'end' ? file.stat().size : start
    const from = Math.max(0, to - windowBytes)
    const end = start === 'end' ? from + lastLineEnd(readAt(from, to - from), content.encoding()) : to
    position = positionAt(end > from || from === 0 ? end : to, readAt)
  }

  function resume(cursor: CursorValue): void {
    const isSame = cursor.inode === inode && content.hasHead(cursor)
    const found = isSame ? positionOf(cursor, readAt, options.mayHaveHoles === true) : undefined
    if (found) return void (position = found)
    const cause = cursor.inode === inode ? 'truncated' : 'replaced'
    gap = { cause, from: Number(cursor.offset), to: 0, bytes: 'unknown' }
    options.truncated?.(cursor)
  }

  function startOver(): void {
    if (isFollowed) options.truncated?.(cursor())
    gap = { cause: 'truncated', from: position.offset, to: 0, bytes: 'unknown' }
    position = startOfFile
    modified = file.stat().mtimeMs
    mayHaveHole ||= isFollowed
    content.begin()
  }

  function cursor(): CursorValue {
    return {
      ...cursorAt(position, inode),
      ...(isRemovalTold ? { left: 1 } : {}),
      ...(isFollowed ? { ...content.head(position.offset), modified } : {}),
      ...(isFollowed && file.bornAt > 0 ? { born: file.bornAt } : {}),
      ...(file.packed === undefined ? {} : { packed: file.packed, ...(isRead() ? { ended: 1 } : {}) }),
    }
  }

  /** Of an archive nothing is left, nor to be told. */
  function isRead(): boolean {
    const isAtEnd = file.isWhole() && position.offset === file.stat().size
    return isAtEnd && (file.damage() === undefined || isDamageTold)
  }

  /** Bytes behind the damage are unknown. */
  function noticeDamage(): void {
    if (isDamageTold || !file.isWhole() || file.damage() === undefined) return
    isDamageTold = true
    gap = { cause: 'damaged', from: position.offset, to: position.offset, bytes: 'unknown' }
  }

  /** Bytes that were seen in the file, and not read, are told once. */
  function noticeRemoval(size: number): TailChunk | undefined {
    const { offset } = position
    if (isRemovalTold || size <= offset || !file.isRemoved()) return undefined
    isRemovalTold = true
    gap = { cause: 'removed', from: offset, to: size, bytes: size - offset }
    return give(nothing)
  }

  function skipTo(offset: number, cause: TailGap['cause']): void {
    gap = { cause, from: position.offset, to: offset, bytes: offset - position.offset }
    position = positionAt(offset, readAt)
  }

  /** Offset of the first line that lies wholly within the limit. */
  function nextLineStart(from: number, size: number): number {
    for (let at = from; at < size; at += windowBytes) {
      const newline = readAt(at, Math.min(windowBytes, size - at)).indexOf(10)
      if (newline >= 0) return at + newline + 1
    }
    return from
  }

  /** The unread bytes, at most `length`; undefined: a file of others was rewritten, and the rest in a copy of it comes first. */
  function unread(length: number, size: number): Buffer | undefined {
    const read = (): Buffer | undefined =>
      content.unread(position, Math.min(length, size - position.offset), options.allocate)
    let bytes = read()
    if (!bytes) {
      startOver()
      if (isFollowed) return undefined
      bytes = read() ?? nothing.own
    }
    if (!mayHaveHole || bytes[0] !== 0) return bytes
    passHole(zerosAt(readAt, position.offset, size), size)
    return read() ?? nothing.own
  }

  function passHole(length: number, size: number): void {
    const { offset } = position
    if (isFollowed) {
      // Nobody wrote the zeros, so nothing is missing.
      position = positionAt(offset + length - (length % unitBytes(content.encoding())), readAt)
      content.passZeros(position.offset)
    }
    // A hole in a capture file ends within a line, as a rule.
    else if (length >= holeBytes) skipTo(nextLineStart(offset + length, size), 'hole')
  }

  function give({ own, text, start, end, part }: Omit<NextLines, 'heldBytes' | 'hasMore'>): TailChunk {
    position = advance(position, own, part.lastFragment === false ? part.fragment! : 0)
    const chunk: TailChunk = { text, start, end, utf8: isUtf8(text), ...part }
    if (gap) chunk.gap = gap
    gap = undefined
    return chunk
  }

  return {
    read(final = false, isDue = final) {
      const now = file.stat()
      const { size } = now
      const isAsBefore = size === seen.size && now.mtimeMs === seen.mtimeMs && !moreWaits
      if (isAsBefore && !final && !(isDue && heldBytes > 0)) return undefined
      if (!file.isThere()) return final ? noticeRemoval(size) : undefined
      const isCut = size < knownSize
      seen = { size, mtimeMs: now.mtimeMs }
      knownSize = size
      // Should reading fail, it waits still.
      moreWaits = true
      heldBytes = 0
      if (isCut) {
        startOver()
        // The rest in a copy of it comes first.
        if (isFollowed) return undefined
      }
      if (size - position.offset > backlogLimitBytes) skipTo(nextLineStart(size - backlogLimitBytes, size), 'backlog')
      for (let length = windowBytes; ; length = length * 4 < maxLineBytes ? length * 4 : maxLineBytes + 4) {
        const bytes = unread(length, size)
        if (!bytes) return undefined
        modified = now.mtimeMs
        if (bytes.length > 0) mayHaveHole = false
        const { offset, fragment } = position
        moreWaits = offset + bytes.length < size
        const window = {
          bytes,
          fragment,
          encoding: content.encoding(),
          markBytes: content.markBytes(offset),
          hasMore: moreWaits,
          isLast: final && file.isWhole(),
          isWidest: length >= maxLineBytes,
        }
        const next = nextLines(window, { maxLineBytes, join }, !isDue)
        if (next === 'wider') continue
        if (!next && bytes.length === 0) noticeDamage()
        if (!next) return gap && give(nothing)
        heldBytes = next.heldBytes
        moreWaits = next.hasMore
        return next.own.length === 0 ? undefined : give(next)
      }
    },
    isUnpacking: () => !file.isWhole(),
    heldBytes: () => heldBytes,
    cursor,
    noticeTruncation() {
      const { size } = file.stat()
      if (!file.isThere() || (size >= knownSize && content.unread(position, beginningBytes))) return
      startOver()
      knownSize = size
      moreWaits = true
    },
    offset: () => position.offset,
    changed() {
      const { size, mtimeMs } = file.stat()
      knownSize = Math.max(knownSize, size)
      return moreWaits || size !== seen.size || mtimeMs !== seen.mtimeMs
    },
    backlogBytes: () => Math.max(0, file.stat().size - position.offset),
    knownBacklogBytes: () => Math.max(0, knownSize - position.offset),
    identity: { device: file.device, inode },
    release: file.release,
    rename: file.rename,
    close: file.close,
  }
}

const nothing = {
  own: Buffer.alloc(0),
  text: Buffer.alloc(0),
  start: new Uint32Array(0),
  end: new Uint32Array(0),
  part: {},
}
