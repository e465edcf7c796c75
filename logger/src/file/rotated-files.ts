// Rotated files of one log: `host.log.1` is the newest. They are moved up by one, given up, and compressed in the background.
import {
  createReadStream,
  createWriteStream,
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as zlib from 'node:zlib'
import { reasonOf, tell } from '../tell.ts'

export interface RotatedFilesOptions {
  /** The current file. */
  file: string
  archiveDir: string
  keep: number
  compress: false | 'gzip' | 'zstd'
}

export interface RotatedFiles {
  /** Moves the current file to place 1, and every other up by one. Throws when the current file cannot be moved. */
  add(): void
  /** Removes the oldest; undefined when there is none. */
  dropOldest(): { name: string; bytes: number } | undefined
  /** Resolves when nothing is being compressed. */
  settled(): Promise<void>
}

interface RotatedFile {
  number: number
  suffix: string
  path: string
}

const temporarySuffix = '.tmp'

export function openRotatedFiles({ file, archiveDir, keep, compress }: RotatedFilesOptions): RotatedFiles {
  const name = path.basename(file)
  const place = (number: number, suffix = ''): string => path.join(archiveDir, `${name}.${number}${suffix}`)
  let compressing: Promise<void> | undefined

  /** Oldest first. */
  function list(): RotatedFile[] {
    const found: RotatedFile[] = []
    for (const entry of namesIn(archiveDir)) {
      if (!entry.startsWith(`${name}.`)) continue
      const match = /^(\d{1,6})(\.gz|\.zst)?$/.exec(entry.slice(name.length + 1))
      if (match) found.push({ number: Number(match[1]), suffix: match[2] ?? '', path: path.join(archiveDir, entry) })
    }
    return found.sort((a, b) => b.number - a.number)
  }

  /** By inode, as the file may have been moved up meanwhile. */
  async function compressOne(one: RotatedFile): Promise<void> {
    const temporary = path.join(archiveDir, `${name}${temporarySuffix}`)
    try {
      const { ino } = statSync(one.path)
      const packer = compress === 'zstd' ? zlib.createZstdCompress() : zlib.createGzip()
      await pipeline(createReadStream(one.path), packer, createWriteStream(temporary))
      const now = list().find((each) => each.suffix === '' && statSync(each.path).ino === ino)
      if (now) {
        renameSync(temporary, now.path + (compress === 'zstd' ? '.zst' : '.gz'))
        rmSync(now.path)
      }
    } catch (error) {
      tell(`compress ${file}`, `${one.path} stays uncompressed: ${reasonOf(error)}`)
    } finally {
      rmSync(temporary, { force: true })
    }
  }

  async function compressAll(): Promise<void> {
    const tried = new Set<number>()
    for (;;) {
      const next = list().find((each) => each.suffix === '' && !tried.has(statSync(each.path).ino))
      if (!next) return
      tried.add(statSync(next.path).ino)
      await compressOne(next)
    }
  }

  return {
    add() {
      mkdirSync(archiveDir, { recursive: true })
      for (const { number, suffix, path: from } of list()) {
        if (number >= keep) rmSync(from, { force: true })
        else renameSync(from, place(number + 1, suffix))
      }
      if (keep === 0) return rmSync(file)
      move(file, place(1))
      if (compress === false || compressing) return
      compressing = compressAll()
        .catch((error: unknown) =>
          tell(`compress ${file}`, `Rotated files of ${file} stay uncompressed: ${reasonOf(error)}`),
        )
        .finally(() => (compressing = undefined))
    },
    dropOldest() {
      for (const { path: oldest } of list()) {
        try {
          const { size } = statSync(oldest)
          rmSync(oldest)
          return { name: path.basename(oldest), bytes: size }
        } catch {
          // Another one may go.
        }
      }
      return undefined
    },
    async settled() {
      await compressing
    },
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** Also to another file system. */
function move(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    copyFileSync(from, to)
    rmSync(from)
  }
}
