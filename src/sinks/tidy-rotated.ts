// Tidies rotated files, in the background: the oldest beyond the number kept go, the others are compressed and
// moved to the archive as configured. Only touches parts that no save needs any more. May be interrupted anywhere.
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { listParts } from './log-names.ts'
import { reasonOf, type Trouble } from './trouble.ts'

export interface TidyOptions {
  directory: string
  archive: string | undefined
  keep: number
  compress: false | 'gzip'
  trouble: Trouble
}

export interface TidyTask {
  base: string
  /** Parts from here on may still be needed. */
  below: number
  /** Parts below belong to runs whose files are no longer kept. */
  keepFrom: number
}

export interface Tidier {
  add(task: TidyTask): void
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>
  /** Stops where it is; the next start goes on. */
  close(): void
}

export function createTidier(options: TidyOptions): Tidier {
  const { directory, archive, keep, compress, trouble } = options
  const target = archive ?? directory
  const stop = new AbortController()
  let work: Promise<void> = Promise.resolve()

  async function tidy({ base, below, keepFrom }: TidyTask): Promise<void> {
    if (stop.signal.aborted) return
    const places = new Set([directory, target])
    await removeLeftovers(target, base)
    const parts = [...places].flatMap((place) => listParts(place, base)).sort((a, b) => a.part - b.part)
    const numbers = [...new Set(parts.map(({ part }) => part))]
    const oldestKept = keep === 0 ? Number.POSITIVE_INFINITY : (numbers.at(-keep) ?? 0)
    for (const part of parts) {
      if (part.part >= below) continue
      const here = path.dirname(part.path) === path.resolve(directory)
      const done = path.dirname(part.path) === path.resolve(target) && (part.compressed || !compress)
      if (part.part < oldestKept || (here && part.part < keepFrom)) await rm(part.path, { force: true })
      else if (!done && !stop.signal.aborted) await store(part.path, part.compressed)
    }
  }

  async function store(from: string, compressed: boolean): Promise<void> {
    await mkdir(target, { recursive: true, mode: 0o700 })
    const zip = compress && !compressed
    const to = path.join(target, path.basename(from)) + (zip ? '.gz' : '')
    if (!zip) {
      try {
        return await rename(from, to)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
      }
    }
    const { atime, mtime } = await stat(from)
    const half = `${to}.tmp`
    const output = createWriteStream(half, { flags: 'wx', mode: 0o600, flush: true })
    const { signal } = stop
    if (zip) await pipeline(createReadStream(from), createGzip(), output, { signal })
    else await pipeline(createReadStream(from), output, { signal })
    await utimes(half, atime, mtime)
    await rename(half, to)
    await syncDirectory(target)
    await rm(from, { force: true })
  }

  return {
    add(task) {
      work = work
        .then(() => tidy(task))
        .then(
          () => trouble.heal('rotated'),
          (error: unknown) => {
            // A file that is gone was given up for its space meanwhile.
            if (stop.signal.aborted || (error as NodeJS.ErrnoException).code === 'ENOENT') return
            trouble.report('rotated', `Rotated log files in ${directory} stay as they are (${reasonOf(error)})`)
          },
        )
    },
    idle: () => work,
    close: () => stop.abort(),
  }
}

/** Half-written files of a hub that died. */
async function removeLeftovers(directory: string, base: string): Promise<void> {
  for (const file of await readdir(directory).catch(() => [])) {
    if (file.startsWith(`${base}.`) && file.endsWith('.tmp')) await rm(path.join(directory, file), { force: true })
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
