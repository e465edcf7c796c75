// Rotated files of one log: `host.log.1` is the newest. They are moved up by one, given up, and compressed in the background.
import {
  createReadStream,
  fstatSync,
  createWriteStream,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import path from 'node:path'
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

  /** The oldest file that is not compressed, opened: its name may be another's at any later moment. */
  function openNext(): { descriptor: number; inode: number } | undefined {
    const oldest = list().find(({ suffix }) => suffix === '')
    if (!oldest) return undefined
    const descriptor = openSync(oldest.path, 'r')
    return { descriptor, inode: fstatSync(descriptor).ino }
  }

  async function compressAll(): Promise<void> {
    // Loaded when the first file is rotated: most loggers never compress, and it takes 3 MB.
    const [{ pipeline }, zlib] = await Promise.all([import('node:stream/promises'), import('node:zlib')])
    const temporary = path.join(archiveDir, `${name}.tmp`)
    for (let next = openNext(); next; next = openNext()) {
      const { descriptor, inode } = next
      try {
        const packer = compress === 'zstd' ? zlib.createZstdCompress() : zlib.createGzip()
        await pipeline(createReadStream('', { fd: descriptor }), packer, createWriteStream(temporary))
        const place = list().find((each) => each.suffix === '' && statSync(each.path).ino === inode)?.path
        if (place === undefined) continue
        renameSync(temporary, place + (compress === 'zstd' ? '.zst' : '.gz'))
        rmSync(place)
      } finally {
        rmSync(temporary, { force: true })
      }
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
