// The one tailer: a file and an offset, nothing else. It holds back no bytes of its own; what is not yet a whole line is
// read again, so wherever it is killed the offset of the last commit is the whole truth.
import { isUtf8 } from 'node:buffer'
import { crc32 } from 'node:zlib'
import type { FileIdentity } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'
import { beginningBytes, readBeginning, zerosAt, type Beginning } from './beginning.ts'
import { lastLineEnd, readByteOrderMark, toUtf8, unitBytes } from './encoding.ts'
import { fragmentEnd } from '../text/fragment-end.ts'
import { splitLines, type Lines } from './split-lines.ts'
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
  /** The same as of the last look at the file, so that thousands can be asked. */
  knownBacklogBytes(): number
  identity: FileIdentity
  /** Gives its handle back until something is to be read. */
  release(): void
  /** The file is called so now. */
  rename(path: string): void
  close(): void
}

/** So many bytes before the offset are remembered, to notice a file that was truncated and grew again. */
export const rememberedBytes = 64
const holeBytes = 4096
/** Given out at once: of very short lines a window has so many that their columns would take far more than their text. */
const mostLines = 16_384

/** Opens `path` for tailing. Throws ENOENT and the like as they come from the system. */
export function openTail(options: TailOptions): Tail {
  const windowBytes = options.windowBytes ?? 256 * 1024
  const maxLineBytes = options.maxLineBytes ?? 1024 * 1024
  const file = options.file ?? openTailedFile(options.path, options.identity)
  const { inode } = file
  /** Of others: nobody punches holes into it for us, and its unread part takes space of theirs. */
  const isForeign = options.identity !== undefined
  const backlogLimitBytes = options.backlogLimitBytes ?? (isForeign ? Infinity : 1024 ** 3)
  let encoding = options.encoding ?? 'utf-8'
  let markBytes = 0
  let beginning: Beginning = { at: 0, bytes: new Uint8Array(0) }
  let offset = 0
  let fragment = 0
  /** The bytes just before `offset`. */
  let remembered: Uint8Array = new Uint8Array(0)
  let sizeAtLastRead = -1
  /** Tells of a file that was truncated and has grown to the same size since. */
  let modifiedAtLastRead = 0
  let knownSize = Math.max(file.stat().size, options.seenBytes ?? 0)
  /** When what was read last had been written at the latest, as far as can be known. */
  let modified = file.stat().mtimeMs
  let moreWaits = true
  /** Holes are where an earlier tailer was; later ones lie behind this one's offset. */
  let mayHaveHole = options.mayHaveHoles === true
  let gap: TailGap | undefined
  let heldBytes = 0
  let isDamageTold = false
  let isRemovalTold = false

  if (isForeign) begin()
  if (options.cursor) resume(options.cursor)
  else if (options.start !== undefined) skipFirst(options.start)
  // Who writes without O_APPEND goes on where it was when the file was truncated, behind zeros that nobody wrote.
  mayHaveHole ||= isForeign && offset <= beginning.at

  function begin(): void {
    beginning = readBeginning(readAt)
    readMark()
  }

  function readMark(): void {
    const mark = beginning.at === 0 ? readByteOrderMark(beginning.bytes) : undefined
    encoding = mark?.encoding ?? options.encoding ?? 'utf-8'
    markBytes = mark?.length ?? 0
  }

  /** Begins elsewhere than at the beginning: at the line that is being written, or at an offset. */
  function skipFirst(start: 'beginning' | 'end' | number): void {
    if (start === 'beginning') return
    const to = start === 'end' ? file.stat().size : start
    const from = Math.max(0, to - windowBytes)
    const end = start === 'end' ? from + lastLineEnd(readAt(from, to - from), encoding) : to
    offset = end > from || from === 0 ? end : to
    remembered = readAt(Math.max(0, offset - rememberedBytes), Math.min(rememberedBytes, offset))
  }

  function resume(cursor: CursorValue): void {
    const at = Number(cursor.offset)
    const bytes = readAt(Math.max(0, at - rememberedBytes), Math.min(rememberedBytes, at))
    const isThere = cursor.inode === inode && bytes.length === Math.min(rememberedBytes, at) && hasHead(cursor)
    // On a full disk the hub before may have given up what stood there.
    const isHole = options.mayHaveHoles === true && bytes.every((byte) => byte === 0)
    if (isThere && (isHole || crc32(bytes) === cursor.check)) {
      offset = at
      fragment = Number(cursor.fragment ?? 0)
      remembered = bytes
    } else {
      gap = { cause: cursor.inode === inode ? 'truncated' : 'replaced', from: at, to: 0, bytes: 'unknown' }
      options.truncated?.(cursor)
    }
  }

  /** Its beginning is what it was when the cursor was taken. */
  function hasHead({ head: check, headAt = 0, headBytes: length = 0 }: CursorValue): boolean {
    if (check === undefined) return true
    const bytes = readAt(Number(headAt), Number(length))
    return bytes.length === Number(length) && crc32(bytes) === check
  }

  function readAt(position: number, length: number, allocate?: TailOptions['allocate']): Buffer {
    return file.read(position, length, allocate)
  }

  function startOver(): void {
    if (isForeign) options.truncated?.(cursor())
    gap = { cause: 'truncated', from: offset, to: 0, bytes: 'unknown' }
    offset = 0
    fragment = 0
    remembered = new Uint8Array(0)
    modified = file.stat().mtimeMs
    if (!isForeign) return
    mayHaveHole = true
    begin()
  }

  function cursor(): CursorValue {
    return {
      offset,
      inode,
      check: crc32(remembered),
      ...(fragment > 0 ? { fragment } : {}),
      ...(isRemovalTold ? { left: 1 } : {}),
      ...(isForeign ? headOfCursor() : {}),
      ...(file.packed === undefined ? {} : { packed: file.packed, ...(isRead() ? { ended: 1 } : {}) }),
    }
  }

  /** Of an archive nothing is left, nor to be told. */
  function isRead(): boolean {
    const isAtEnd = file.isWhole() && offset === file.stat().size
    return isAtEnd && (file.damage() === undefined || isDamageTold)
  }

  function headOfCursor(): CursorValue {
    const { at } = beginning
    // A copy in which something is left to be read has at least all that was read.
    const bytes = offset > at ? beginning.bytes.subarray(0, offset - at) : beginning.bytes
    const start = bytes.subarray(0, rememberedBytes)
    return {
      head: crc32(bytes),
      headBytes: bytes.length,
      headStart: crc32(start),
      ...(at > 0 ? { headAt: at } : {}),
      modified,
    }
  }

  /** What stands behind it nobody can know. */
  function noticeDamage(): void {
    if (isDamageTold || !file.isWhole() || file.damage() === undefined) return
    isDamageTold = true
    gap = { cause: 'damaged', from: offset, to: offset, bytes: 'unknown' }
  }

  /** What had been seen of it, and not read, is told once. */
  function noticeRemoval(size: number): TailChunk | undefined {
    if (isRemovalTold || size <= offset || !file.isRemoved()) return undefined
    isRemovalTold = true
    gap = { cause: 'removed', from: offset, to: size, bytes: size - offset }
    return give(Buffer.alloc(0), Buffer.alloc(0), noLines, {})
  }

  function skipTo(position: number, cause: TailGap['cause']): void {
    gap = { cause, from: offset, to: position, bytes: position - offset }
    offset = position
    fragment = 0
    remembered = readAt(Math.max(0, position - rememberedBytes), Math.min(rememberedBytes, position))
  }

  /** Nobody wrote them, so nothing is missing. */
  function passZeros(count: number): void {
    offset += count - (count % unitBytes(encoding))
    if (beginning.bytes.length === 0) beginning.at = offset
    remembered = readAt(Math.max(0, offset - rememberedBytes), Math.min(rememberedBytes, offset))
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
  function unread(length: number, allocate?: TailOptions['allocate']): Buffer | undefined {
    const before = offset - remembered.length
    // Near the beginning that is read along, in one go: between two the file might become another.
    const from = isForeign && offset < beginning.at + beginningBytes ? Math.min(before, beginning.at) : before
    const bytes = readAt(from, offset - from + length, allocate)
    if (bytes.subarray(before - from, offset - from).compare(remembered) !== 0) return undefined
    if (isForeign && from <= beginning.at && !hasBeginning(bytes.subarray(beginning.at - from))) return undefined
    return bytes.subarray(offset - from)
  }

  /** `bytes` stand where it begins; more than was known of it is learned. */
  function hasBeginning(bytes: Buffer): boolean {
    const known = beginning.bytes
    const common = Math.min(known.length, bytes.length)
    if (bytes.subarray(0, common).compare(known.subarray(0, common)) !== 0) return false
    const zeros = known.length > 0 ? 0 : bytes.findIndex((byte) => byte !== 0)
    if (zeros >= 0 && bytes.length > known.length && known.length < beginningBytes) {
      const at = beginning.at + zeros
      beginning = { at, bytes: new Uint8Array(bytes.subarray(zeros, zeros + beginningBytes)) }
    }
    if (offset === 0) readMark()
    return true
  }

  /** Whole lines, up to those that are held; undefined when all are. */
  function takeLines(bytes: Buffer, part: Part, mayHold: boolean): TailChunk | undefined {
    const all = textOf(bytes)
    const lines = splitLines(all, all.length, mostLines)
    const text = all.subarray(0, lines.length)
    if (text.length < all.length) {
      bytes = bytes.subarray(0, ownLength(text))
      moreWaits = true
    }
    const joined = fragment === 0 ? options.join?.({ text, ...lines }, mayHold) : undefined
    if (!joined?.held) return give(bytes, text, joined ?? lines, part)
    const taken = text.subarray(0, lines.start[lines.start.length - joined.held])
    const length = taken.length === 0 ? 0 : ownLength(taken)
    heldBytes = bytes.length - length
    return length === 0 ? undefined : give(bytes.subarray(0, length), taken, joined, part)
  }

  /** One line, or a part of one. */
  function takePart(bytes: Buffer, part: Part): TailChunk {
    const text = textOf(bytes)
    return give(bytes, text, { start: Uint32Array.of(0), end: Uint32Array.of(text.length) }, part)
  }

  /** What stands at `offset`, as UTF-8. */
  function textOf(bytes: Buffer): Buffer {
    return toUtf8(offset === 0 ? bytes.subarray(markBytes) : bytes, encoding)
  }

  /** So many bytes of the file at `offset` are this text. */
  function ownLength(text: Buffer): number {
    const length = encoding === 'utf-8' ? text.length : text.toString().length * unitBytes(encoding)
    return offset === 0 ? length + markBytes : length
  }

  /** `own`: the bytes that `text` stands for. */
  function give(own: Buffer, text: Buffer, { start, end }: Lines, part: Part): TailChunk {
    const { length } = own
    offset += length
    fragment = part.lastFragment === false ? part.fragment! : 0
    remembered =
      length >= rememberedBytes
        ? new Uint8Array(own.subarray(length - rememberedBytes))
        : new Uint8Array(Buffer.concat([remembered, own]).subarray(-rememberedBytes))
    const chunk: TailChunk = { text, start, end, utf8: isUtf8(text), ...part }
    if (gap) chunk.gap = gap
    gap = undefined
    return chunk
  }

  return {
    read(final = false, isDue = final) {
      const { size, mtimeMs } = file.stat()
      const isAsBefore = size === sizeAtLastRead && mtimeMs === modifiedAtLastRead && !moreWaits
      if (isAsBefore && !final && !(isDue && heldBytes > 0)) return undefined
      if (!file.isThere()) return final ? noticeRemoval(size) : undefined
      const isCut = size < knownSize
      sizeAtLastRead = knownSize = size
      modifiedAtLastRead = mtimeMs
      // Should reading fail, it waits still.
      moreWaits = true
      heldBytes = 0
      if (isCut) {
        startOver()
        // The rest in a copy of it comes first.
        if (isForeign) return undefined
      }
      if (size - offset > backlogLimitBytes) skipTo(nextLineStart(size - backlogLimitBytes, size), 'backlog')
      for (let length = windowBytes; ; length = maxLineBytes + 4) {
        let bytes = unread(Math.min(length, size - offset), options.allocate)
        if (!bytes) {
          startOver()
          if (isForeign) return undefined
          bytes = unread(Math.min(length, size), options.allocate) ?? Buffer.alloc(0)
        }
        modified = mtimeMs
        if (mayHaveHole && bytes[0] === 0) {
          const hole = zerosAt(readAt, offset, size)
          if (isForeign) passZeros(hole)
          // It ends within a line, as a rule.
          else if (hole >= holeBytes) skipTo(nextLineStart(offset + hole, size), 'hole')
          length = windowBytes
          bytes = unread(Math.min(length, size - offset), options.allocate) ?? Buffer.alloc(0)
        }
        if (bytes.length > 0) mayHaveHole = false
        const end = lastLineEnd(bytes, encoding)
        moreWaits = offset + bytes.length < size
        if (end > 0) {
          const part = fragment > 0 ? { fragment: fragment + 1, lastFragment: true } : {}
          const lines = bytes.subarray(0, end)
          const chunk = takeLines(lines, part, !isDue)
          // What fills the window by itself is held no longer.
          return chunk ?? (moreWaits ? takeLines(lines, part, false) : undefined)
        }
        if (bytes.length >= maxLineBytes) {
          moreWaits = true
          const cut = encoding === 'utf-8' ? fragmentEnd(bytes, maxLineBytes) : maxLineBytes
          const whole = cut - (cut % unitBytes(encoding))
          return takePart(bytes.subarray(0, whole), { fragment: fragment + 1, lastFragment: false })
        }
        if (moreWaits && length < maxLineBytes) continue
        if (final && file.isWhole() && bytes.length > 0)
          return takePart(bytes, fragment > 0 ? { fragment: fragment + 1, lastFragment: true } : {})
        if (bytes.length === 0) noticeDamage()
        return gap ? give(bytes.subarray(0, 0), bytes.subarray(0, 0), noLines, {}) : undefined
      }
    },
    isUnpacking: () => !file.isWhole(),
    heldBytes: () => heldBytes,
    cursor,
    noticeTruncation() {
      const { size } = file.stat()
      if (!file.isThere() || (size >= knownSize && unread(beginningBytes))) return
      startOver()
      knownSize = size
      moreWaits = true
    },
    offset: () => offset,
    changed() {
      const { size, mtimeMs } = file.stat()
      knownSize = Math.max(knownSize, size)
      return moreWaits || size !== sizeAtLastRead || mtimeMs !== modifiedAtLastRead
    },
    backlogBytes: () => Math.max(0, file.stat().size - offset),
    knownBacklogBytes: () => Math.max(0, knownSize - offset),
    identity: { device: file.device, inode },
    release: file.release,
    rename: file.rename,
    close: file.close,
  }
}

type Part = Pick<TailChunk, 'fragment' | 'lastFragment'>
const noLines: Lines = { start: new Uint32Array(0), end: new Uint32Array(0) }
