// The text of a compressed file, as if it were a file that grows while it is unpacked. Only a window of it is in memory, which
// moves on with who reads it; so it is read once, forwards, and an archive of any size costs a few megabytes.
import { closeSync, createReadStream, fstatSync, readSync } from 'node:fs'
import { createGunzip, createZstdDecompress, crc32 } from 'node:zlib'
import type { FileIdentity } from '../contracts/source-storage.ts'
import { beginningBytes, type Beginning } from './beginning.ts'
import { openTextWindow } from './text-window.ts'
import { openSame, type TailedFile } from './tailed-file.ts'

export interface UnpackedFile extends TailedFile {
  readonly beginning: Beginning
  /** Passes over what stands before `position`, but for so many bytes as are remembered; false: the text ends earlier. */
  passTo(position: number): Promise<boolean>
  /** Waits for the bytes at `position`; fewer than `length` only where the text ends. */
  next(position: number, length: number): Promise<Buffer>
}

const windowBytes = 2 * 1024 * 1024
const pieceBytes = 256 * 1024
/** Stays readable before what is passed to. */
const keptBytes = 64
/** The end of an archive has checksums of what is in it. */
const trailerBytes = 64

/** Tells an archive from another in its place, and from itself when it was not complete. */
export function packedSum(path: string, identity: FileIdentity): number {
  const fd = openSame(path, identity)
  try {
    return sumOf(fd)
  } finally {
    closeSync(fd)
  }
}

function sumOf(fd: number): number {
  const { size } = fstatSync(fd)
  const trailer = Buffer.alloc(Math.min(size, trailerBytes))
  readSync(fd, trailer, 0, trailer.length, size - trailer.length)
  return crc32(trailer, crc32(String(size)))
}

/** Resolves when its beginning is known. Throws as `openTailedFile` does. */
export async function openUnpackedFile(path: string, identity: FileIdentity): Promise<UnpackedFile> {
  const fd = openSame(path, identity)
  const { mtimeMs } = fstatSync(fd)
  const packed = sumOf(fd)
  const stream = createReadStream('', { fd, start: 0, highWaterMark: pieceBytes })
  const text = path.endsWith('.gz')
    ? createGunzip({ chunkSize: pieceBytes })
    : createZstdDecompress({ chunkSize: pieceBytes })
  const window = openTextWindow()
  const { beginning } = window
  let isWhole = false
  let damage: string | undefined
  let changed = Promise.withResolvers<void>()

  stream.on('error', (error) => text.destroy(error))
  stream.pipe(text)
  text.on('readable', () => pump())
  text.on('end', finish)
  text.on('error', (error) => {
    damage = error.message
    pump(Infinity)
    finish()
  })

  function finish(): void {
    isWhole = true
    changed.resolve()
  }

  function pump(most = windowBytes): void {
    while (window.length() < most) {
      const piece = text.read() as Buffer | null
      if (!piece) return
      window.add(piece)
      changed.resolve()
    }
  }

  async function more(): Promise<void> {
    changed = Promise.withResolvers<void>()
    pump()
    if (!isWhole) await changed.promise
  }

  function close(): void {
    stream.destroy()
    text.destroy()
  }

  const read: UnpackedFile['read'] = (position, length, allocate) => {
    const memory = allocate?.(length)
    const buffer = memory ? Buffer.from(memory.buffer, memory.byteOffset, length) : Buffer.allocUnsafeSlow(length)
    const got = window.copy(position, buffer)
    // Reading only goes forwards.
    window.forget(position)
    pump()
    return got === length ? buffer : buffer.subarray(0, got)
  }

  while (beginning.bytes.length < beginningBytes && !isWhole) await more()
  return {
    ...identity,
    bornAt: 0,
    packed,
    beginning,
    stat: () => ({ size: window.end(), mtimeMs }),
    isThere: () => true,
    isRemoved: () => false,
    isWhole: () => isWhole,
    damage: () => damage,
    read,
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
