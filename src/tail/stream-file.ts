// Text that comes as a stream, as if it were a file that grows. Only a window of it is in memory, which moves on with who reads it;
// so it is read once, forwards, and a stream of any length costs a few megabytes.
import type { Readable } from 'node:stream'
import type { FileIdentity } from '../contracts/source-storage.ts'
import type { Beginning } from './beginning.ts'
import { openTextWindow } from './text-window.ts'
import type { TailedFile } from './tailed-file.ts'

export interface StreamFile extends TailedFile {
  readonly beginning: Beginning
  /** Resolves when more has come, or the text is whole. */
  more(): Promise<void>
  /** Offset behind the last newline that has come. */
  lineEnd(): number
  /** Passes over what stands before `position`, but for so many bytes as are remembered; false: the text ends earlier. */
  passTo(position: number): Promise<boolean>
  /** Waits for the bytes at `position`; fewer than `length` only where the text ends. */
  next(position: number, length: number): Promise<Buffer>
}

interface StreamFileOptions {
  /** A stream that cannot be had is damaged from its beginning. */
  stream: Readable | Promise<Readable>
  identity: FileIdentity
  packed: number
  /** Absent: whenever something has come. */
  modifiedAt?: number
  close(): void
}

const windowBytes = 2 * 1024 * 1024
/** Stays readable before what is passed to. */
const keptBytes = 64
const newline = 10

export function openStreamFile({ stream, identity, packed, modifiedAt, close }: StreamFileOptions): StreamFile {
  const window = openTextWindow()
  let text: Readable | undefined
  let isWhole = false
  let damage: string | undefined
  let changed = Promise.withResolvers<void>()
  let mostBytes = windowBytes
  let lineEnd = 0
  let cameAt = Date.now()

  if (stream instanceof Promise) stream.then(begin, fail)
  else begin(stream)

  function begin(readable: Readable): void {
    text = readable
    readable.on('readable', pump)
    readable.on('end', finish)
    readable.on('error', fail)
    // Closed without an end: by whoever reads, or on the other side.
    readable.on('close', finish)
  }

  function fail(error: Error): void {
    damage = error.message
    mostBytes = Infinity
    pump()
    finish()
  }

  function finish(): void {
    isWhole = true
    changed.resolve()
  }

  function pump(): void {
    while (text && window.length() < mostBytes) {
      const piece = text.read() as Buffer | null
      if (!piece) return
      const lastLine = piece.lastIndexOf(newline)
      if (lastLine >= 0) lineEnd = window.end() + lastLine + 1
      window.add(piece)
      cameAt = Date.now()
      changed.resolve()
    }
  }

  async function more(): Promise<void> {
    changed = Promise.withResolvers<void>()
    // More than the window has is needed, however full it is.
    mostBytes = Math.max(mostBytes, window.length() + 1)
    pump()
    if (!isWhole) await changed.promise
  }

  const read: StreamFile['read'] = (position, length, allocate) => {
    const memory = allocate?.(length)
    const buffer = memory ? Buffer.from(memory.buffer, memory.byteOffset, length) : Buffer.allocUnsafeSlow(length)
    const got = window.copy(position, buffer)
    // Reading only goes forwards.
    window.forget(position)
    if (mostBytes !== Infinity) mostBytes = windowBytes
    pump()
    return got === length ? buffer : buffer.subarray(0, got)
  }

  return {
    ...identity,
    bornAt: 0,
    packed,
    beginning: window.beginning,
    stat: () => ({ size: window.end(), mtimeMs: modifiedAt ?? cameAt }),
    isThere: () => true,
    isRemoved: () => false,
    isWhole: () => isWhole,
    damage: () => damage,
    read,
    more,
    lineEnd: () => lineEnd,
    async passTo(position) {
      while (window.end() < position && !isWhole) {
        window.forget(window.end() - keptBytes)
        await more()
      }
      window.forget(position - keptBytes)
      return window.end() >= position
    },
    async next(position, length) {
      while (window.end() < position + length && !isWhole) await more()
      return read(position, length)
    },
    release: () => undefined,
    rename: () => undefined,
    close,
  }
}
