// A process for the system tests: writes `file n=0 …`, `file n=1 …`, … into a file at a rate and rotates it as logrotate does,
// by renaming or by copying and truncating. Ends when all is written, so that a test need not believe Logboom.
import { closeSync, copyFileSync, existsSync, ftruncateSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export interface RotateOptions {
  file: string
  perSecond: number
  count: number
  /** Lines in each file. */
  rotateLines: number
  how: 'rename' | 'copytruncate'
  /** Files kept beside it: `.1` is the newest. Without, all are, and called by a number that grows, as dates do. */
  keep?: number
  /** Goes on where it was after truncating, as a program that opened its file without O_APPEND. */
  holes?: boolean
}

/** The command that writes so. */
export function rotateNumbers(options: RotateOptions): string[] {
  return [process.execPath, import.meta.filename, JSON.stringify(options)]
}

if (import.meta.main) await write(JSON.parse(process.argv[2]!) as RotateOptions)

async function write({ file, perSecond, count, rotateLines, how, keep, holes }: RotateOptions): Promise<void> {
  let fd = openSync(file, holes ? 'w' : 'a')

  let rotations = 0

  /** The name for what is rotated now. */
  function nextName(): string {
    if (keep === undefined) return `${file}-${String(rotations++).padStart(8, '0')}`
    rmSync(`${file}.${keep}`, { force: true })
    for (let part = keep - 1; part >= 1; part--)
      if (existsSync(`${file}.${part}`)) renameSync(`${file}.${part}`, `${file}.${part + 1}`)
    return `${file}.1`
  }

  function rotate(): void {
    const name = nextName()
    if (how === 'rename') {
      renameSync(file, name)
      closeSync(fd)
      fd = openSync(file, 'a')
    } else {
      copyFileSync(file, name)
      ftruncateSync(fd)
    }
  }

  const startedAt = performance.now()
  let inFile = 0
  for (let written = 0; written < count;) {
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) / 1000) * perSecond), written + 20_000)
    while (written < due) {
      if (inFile === rotateLines) {
        rotate()
        inFile = 0
      }
      const until = Math.min(due, written + rotateLines - inFile)
      inFile += until - written
      let text = ''
      for (; written < until; written++) text += `file n=${written} order ${written * 7} of basket ${written % 97}\n`
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at)
    }
    await sleep(1)
  }
}
