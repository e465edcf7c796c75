// Inputs of a merge, opened so that they can be read like a file: files themselves, compressed ones, and what comes as a stream, such as a
// pipe, a terminal, or a file of the system that tells no size.
import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
  type Stats,
} from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { isatty, ReadStream } from 'node:tty'
import { LogboomError } from '../../contracts/errors.ts'
import { isReadable, packingBytes, packingOf, unpackStream } from '../../tail/unpack-stream.ts'
import { openStreamFile, type StreamFile } from '../../tail/stream-file.ts'
import { openTailedFile, type TailedFile } from '../../tail/tailed-file.ts'
import { openUnpackedFile } from '../../tail/unpacked-file.ts'
import type { LogFile } from './list-log-files.ts'

export interface Input {
  file: TailedFile
  path: string
  /** The text comes as a stream; nothing is known of what is still to come. */
  stream?: StreamFile
  /** Set, once it is known, where what the stream has in it cannot be unpacked. */
  refusal?(): Error | undefined
  /** The text is being unpacked, and more of it is certain to come. */
  unpacked?: StreamFile
}

/** Throws as the system does, and `request-invalid` for what cannot be unpacked. */
export async function openInput(named: LogFile): Promise<Input> {
  const { fd, path } = openReadable(named)
  const stat = fstatSync(fd)
  if (named.fd !== undefined || !stat.isFile() || isSizeless(fd, stat)) {
    return { path, ...openStream(fd, stat, named.shown) }
  }
  const packing = packingIn(fd, named)
  closeSync(fd)
  const identity = { device: stat.dev, inode: stat.ino }
  if (packing === undefined) return { file: openTailedFile(path, identity), path }
  const unpacked = await openUnpackedFile(path, identity, packing)
  return { file: unpacked, path, unpacked }
}

/** A FIFO without a writer is opened at once, so that none holds up the others. */
function openReadable({ path: named, fd }: LogFile): { fd: number; path: string } {
  if (fd !== undefined) return { fd, path: named }
  const path = realpathSync(named)
  const wait = statSync(path).isFIFO() ? constants.O_NONBLOCK : 0
  return { fd: openSync(path, constants.O_RDONLY | wait), path }
}

/** Files of the system such as those in /proc have text, and no size. */
function isSizeless(fd: number, { size }: Stats): boolean {
  return size === 0 && readSync(fd, Buffer.alloc(1), 0, 1, 0) > 0 && fstatSync(fd).size === 0
}

function packingIn(fd: number, { path, shown }: LogFile): 'gzip' | 'zstd' | undefined {
  const first = Buffer.alloc(packingBytes)
  const length = readSync(fd, first, 0, packingBytes, 0)
  const packing = packingOf(first.subarray(0, length))
  // An archive that is being written has no more than its name at first.
  if (length === 0) return path.endsWith('.gz') ? 'gzip' : path.endsWith('.zst') ? 'zstd' : undefined
  if (packing === undefined || isReadable(packing)) return packing
  throw unpackable(shown, packing)
}

function openStream(fd: number, stat: Stats, shown: string): Pick<Input, 'file' | 'stream' | 'refusal'> {
  const source = readableOf(fd, stat)
  let refusal: Error | undefined
  const text = unpackStream(source, (packing) => {
    source.destroy()
    throw (refusal = unpackable(shown, packing))
  })
  const identity = { device: stat.dev, inode: stat.ino }
  const stream = openStreamFile({ stream: text, identity, packed: 0, close: () => void source.destroy() })
  return { file: stream, stream, refusal: () => refusal }
}

/** Pipes and terminals are waited for together; a read of each in a thread would have only four of them. */
function readableOf(fd: number, stat: Stats): Readable {
  if (isatty(fd)) return new ReadStream(fd)
  if (stat.isFIFO() || stat.isSocket()) return new Socket({ fd, readable: true, writable: false })
  return createReadStream('', { fd })
}

const unpackers: Record<string, string> = { xz: 'xzcat', bzip2: 'bzcat', lz4: 'lz4cat', zip: 'unzip -p' }

function unpackable(shown: string, packing: string): LogboomError {
  return new LogboomError('request-invalid', `${shown} is ${packing} data, which cannot be unpacked here`, {
    hint: `Unpack it first: ${unpackers[packing] ?? 'its program'} FILE | logboom merge -. Data of gzip and zstd is read as it is.`,
  })
}
