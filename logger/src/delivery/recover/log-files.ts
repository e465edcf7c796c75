// The files of a log, the oldest first, and the parts of them that lie between two positions.
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { LogPosition } from '../chunk.ts'
import type { LogPlace } from '../spool/position-file.ts'

export interface LogFile {
  path: string
  device: number
  inode: number
  bytes: number
  /** Unix milliseconds. */
  bornAt: number
}

export interface LogPart {
  path: string
  from: number
  to: number
}

/** The position at the end of the log as it is now. */
export function endOfLog(logFile: string): LogPosition {
  try {
    const { dev, ino, size } = statSync(logFile)
    return { device: dev, inode: ino, end: size }
  } catch {
    return { device: 0, inode: 0, end: 0 }
  }
}

/** Rotated copies and the log (`host.log.2`, `host.log.1`, `host.log`); compressed ones are left out. */
export function listLogFiles({ file, rotatedDirectory }: LogPlace): LogFile[] {
  const start = `${path.basename(file)}.`
  const numbers = namesIn(rotatedDirectory)
    .filter((name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
    .map((name) => Number(name.slice(start.length)))
    .toSorted((a, b) => b - a)
  const files = [...numbers.map((number) => path.join(rotatedDirectory, start + number)), file]
  return files.flatMap((each): LogFile[] => {
    try {
      const { dev, ino, size, birthtimeMs } = statSync(each)
      return [{ path: each, device: dev, inode: ino, bytes: size, bornAt: birthtimeMs }]
    } catch {
      // Rotated away meanwhile.
      return []
    }
  })
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

export interface MissedParts {
  parts: LogPart[]
  /** The file of `from` is there no more: what it held beyond is lost. */
  isLost: boolean
}

/** Parts of the log between the positions. `openedAt`: when the owner of `from` began, for an owner that began without file. */
export function findMissedParts(
  files: readonly LogFile[],
  from: LogPosition,
  until: LogPosition | undefined,
  openedAt: number,
): MissedParts {
  const isAt = (position: LogPosition) => (file: LogFile) =>
    file.inode === position.inode && file.device === position.device
  const found = from.inode === 0 ? -1 : files.findIndex(isAt(from))
  const first = found >= 0 ? found : from.inode === 0 ? files.findIndex(({ bornAt }) => bornAt >= openedAt) : 0
  if (first < 0) return { parts: [], isLost: false }
  const last = until && until.inode !== 0 ? files.findIndex(isAt(until)) : -1
  const parts = files.slice(first, last < 0 ? undefined : last + 1).map((file, index): LogPart => {
    const isFirst = found >= 0 && index === 0
    const isLast = last >= 0 && first + index === last
    return {
      path: file.path,
      // A file that is shorter was emptied: all that is in it came later.
      from: isFirst && from.end <= file.bytes ? from.end : 0,
      to: isLast ? Math.min(until!.end, file.bytes) : file.bytes,
    }
  })
  return { parts: parts.filter(({ from: start, to }) => to > start), isLost: found < 0 && from.inode !== 0 }
}
