// A log that is written, rotated in every way, truncated, removed and compressed, as real small files, beside a model of what
// stands in each, so that an oracle knows what could have been read.
import * as fs from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Random } from './store/seeded-random.ts'

/** A file, whatever it is called. */
export interface WorldFile {
  inode: number
  /** Numbers of the lines in it. */
  lines: number[]
  /** Where each of them ends. */
  ends: number[]
  isPacked?: boolean
}

/** Lines that stand nowhere any more, or, where they were `moved`, in a copy alone. */
export interface Loss {
  file: WorldFile
  lines: number[]
  ends: number[]
  how: 'truncated' | 'removed' | 'moved'
}

export interface FileWorld {
  log: string
  firstLine: number
  clock: { now: number }
  /** By name, without the directory. */
  files: ReadonlyMap<string, WorldFile>
  /** One thing happens, and is named. */
  act(): string
  /** Lines, as they stand in the log. */
  textOf(line: number): string
  /** The newest line. */
  lineCount(): number
  bannerCount(): number
  /** Of what was lost since the last call. */
  takeLosses(): Loss[]
}

export interface WorldOptions {
  directory: string
  random: Random
  clock: { now: number }
  /** Of the log. */
  name: string
  /** The number of its first line. */
  firstLine: number
  /** A line with which each new file begins. */
  banner: string | undefined
  keep: number
  /** Rotated files are called by dates, which are not handed on. */
  isDated: boolean
  mayPack: boolean
}

export function openFileWorld(options: WorldOptions): FileWorld {
  const { directory, random, clock, name: logName, firstLine, banner, keep, isDated, mayPack } = options
  const log = path.join(directory, logName)
  const at = (name: string): string => path.join(directory, name)
  const files = new Map<string, WorldFile>()
  let losses: Loss[] = []
  let count = firstLine - 1
  let banners = 0
  /** When a file was made that had the inode before, by which the two are told apart. */
  const births = new Map<number, number>()
  let rotations = 0
  /** What the program writes to: it may go on in a file that has another name by now, or none. */
  let writer: { fd: number; file: WorldFile } | undefined
  /** It was copied, and is yet to be truncated. */
  let isCopied = false

  const textOf = (line: number): string => `n=${line} ${'some words behind it '.repeat(3 + (line % 5))}`.trim()
  const isHeld = (line: number): boolean => [...files.values()].some(({ lines }) => lines.includes(line))

  function lose(file: WorldFile, how: Loss['how']): void {
    const { lines, ends } = file
    const gone = lines.map((line, index) => ({ line, end: ends[index]! })).filter(({ line }) => !isHeld(line))
    losses.push({ file, how, lines: gone.map(({ line }) => line), ends: gone.map(({ end }) => end) })
  }

  function touch(name: string): void {
    fs.utimesSync(at(name), clock.now / 1000, clock.now / 1000)
  }

  function create(): void {
    if (writer) fs.closeSync(writer.fd)
    const known = files.get(logName)
    const { fd, inode } = known ? { fd: fs.openSync(log, 'a'), inode: known.inode } : openNew()
    const file = known ?? { inode, lines: [], ends: [] }
    files.set(logName, file)
    writer = { fd, file }
    if (banner !== undefined && !known) {
      banners++
      fs.writeSync(fd, `${banner}\n`)
    }
    if (!known) fs.futimesSync(fd, clock.now / 1000, clock.now / 1000)
  }

  /** The clock of files is coarse: of two with one inode that are made at once nobody could tell which is which. */
  function openNew(): { fd: number; inode: number } {
    for (;;) {
      const fd = fs.openSync(log, 'a')
      const { ino: inode, birthtimeMs } = fs.fstatSync(fd)
      if (births.get(inode) !== birthtimeMs) {
        births.set(inode, birthtimeMs)
        return { fd, inode }
      }
      fs.closeSync(fd)
      fs.unlinkSync(log)
    }
  }

  function append(): void {
    if (!writer) create()
    const { fd, file } = writer!
    for (let left = random.pick([1, 1, 2, 3, 30]); left > 0; left--) {
      const bytes = Buffer.from(`${textOf(++count)}\n`)
      fs.writeSync(fd, bytes)
      file.lines.push(count)
      file.ends.push(fs.fstatSync(fd).size)
    }
    fs.futimesSync(fd, clock.now / 1000, clock.now / 1000)
    // Into what has no name: only who has it open can read that.
    if (![...files.values()].includes(file))
      losses.push({ file, how: 'removed', lines: file.lines.slice(-30), ends: file.ends.slice(-30) })
  }

  function remove(name: string): void {
    const file = files.get(name)
    if (!file) return
    fs.unlinkSync(at(name))
    files.delete(name)
    lose(file, 'removed')
  }

  function rename(from: string, to: string): void {
    const file = files.get(from)
    if (!file) return
    remove(to)
    fs.renameSync(at(from), at(to))
    files.delete(from)
    files.set(to, file)
  }

  /** The name for what is rotated now. */
  function nextName(): string {
    if (isDated) {
      for (const name of rotated().slice(0, -keep)) remove(name)
      return `${logName}-2026${String(1000 + rotations++)}`
    }
    for (const end of ['', '.gz']) {
      remove(`${logName}.${keep}${end}`)
      for (let part = keep - 1; part >= 1; part--) rename(`${logName}.${part}${end}`, `${logName}.${part + 1}${end}`)
    }
    return `${logName}.1`
  }

  /** The oldest first. */
  function rotated(): string[] {
    const names = [...files.keys()].filter((name) => name !== logName)
    return isDated ? names.sort() : names.sort().reverse()
  }

  function copy(name: string): void {
    const file = files.get(logName)!
    fs.copyFileSync(log, at(name))
    touch(name)
    files.set(name, { inode: fs.statSync(at(name)).ino, lines: [...file.lines], ends: [...file.ends] })
  }

  function truncate(): void {
    const file = files.get(logName)!
    fs.truncateSync(log)
    touch(logName)
    const { lines, ends } = file
    losses.push({ file, lines, ends, how: 'moved' })
    Object.assign(file, { lines: [], ends: [] })
    lose({ ...file, lines, ends }, 'truncated')
  }

  function pack(): void {
    const name = rotated().findLast((each) => !files.get(each)!.isPacked && files.get(each) !== writer?.file)
    if (!name || files.has(`${name}.gz`)) return
    const file = files.get(name)!
    const { mtime } = fs.statSync(at(name))
    fs.writeFileSync(at(`${name}.gz`), gzipSync(fs.readFileSync(at(name))))
    fs.utimesSync(at(`${name}.gz`), mtime, mtime)
    const inode = fs.statSync(at(`${name}.gz`)).ino
    files.set(`${name}.gz`, { inode, lines: file.lines, ends: file.ends, isPacked: true })
    remove(name)
  }

  const hasLog = (): boolean => files.has(logName)
  const acts: [weight: number, name: string, can: () => boolean, act: () => void][] = [
    [40, 'append', () => true, append],
    [6, 'rename, go on in the old one', () => hasLog() && !isCopied, () => rename(logName, nextName())],
    [4, 'reopen', () => !hasLog(), create],
    [
      6,
      'rename, reopen',
      () => hasLog() && !isCopied,
      () => {
        rename(logName, nextName())
        create()
      },
    ],
    [
      3,
      'copy',
      () => hasLog() && !isCopied,
      () => {
        copy(nextName())
        isCopied = true
      },
    ],
    [
      6,
      'truncate the copied one',
      () => isCopied,
      () => {
        if (hasLog()) truncate()
        isCopied = false
      },
    ],
    [
      5,
      'copy and truncate',
      () => hasLog() && !isCopied,
      () => {
        copy(nextName())
        truncate()
      },
    ],
    [1, 'truncate', () => hasLog() && !isCopied, truncate],
    [1, 'remove', () => hasLog() && !isCopied, () => remove(logName)],
    [1, 'remove the oldest', () => rotated().length > 0, () => remove(rotated()[0]!)],
    [
      mayPack ? 6 : 0,
      'rename, reopen, compress',
      () => hasLog() && !isCopied,
      () => {
        rename(logName, nextName())
        // As when the program is told to begin a new file: the inode of what is compressed may be its.
        if (writer) fs.closeSync(writer.fd)
        writer = undefined
        pack()
        create()
      },
    ],
    [mayPack ? 4 : 0, 'compress', () => rotated().length > 0, pack],
    [10, 'wait', () => true, () => void (clock.now += random.pick([1, 10, 100, 1000, 3000, 12_000]))],
  ]

  return {
    log,
    firstLine,
    clock,
    files,
    textOf,
    lineCount: () => count,
    bannerCount: () => banners,
    act() {
      const possible = acts.filter(([, , can]) => can())
      let left = random() * possible.reduce((sum, [weight]) => sum + weight, 0)
      const [, name, , act] = possible.find(([weight]) => (left -= weight) < 0)!
      act()
      clock.now += random.pick([0, 1, 5, 40])
      return `${name} ${logName}`
    },
    takeLosses() {
      const taken = losses
      losses = []
      return taken
    },
  }
}
