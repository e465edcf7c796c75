// Room on disk for capture files: what was read and committed is punched out of their heads, and a stretch ahead of
// their ends is allocated beforehand, so that a disk that fills up is noticed here before it reaches a child.
import { execFile } from 'node:child_process'
import { statfsSync } from 'node:fs'
import type { Capture } from './capture.ts'

/** Heads are punched out in stretches of at least this much; less while the disk is nearly full. */
const punchBytes = 4 * 1024 * 1024
const punchBytesWhenFull = 64 * 1024
/** Allocated ahead of each file's end. */
const aheadBytes = 256 * 1024
/** Kept at the end of what was read, where the tailer remembers what stood before its offset. */
const keptBytes = 8 * 1024
const blockBytes = 4096

export interface CaptureSpace {
  /** To be called now and then, and often while the disk is full. */
  tend(captures: Iterable<Capture>, diskFull: boolean): void
}

export function openCaptureSpace(directory: string, run: typeof fallocate = fallocate): CaptureSpace {
  const punched = new Map<string, number>()
  const allocated = new Map<string, number>()
  const busy = new Set<string>()
  let possible = process.platform === 'linux'

  function fallocateOnce(path: string, args: string[]): void {
    busy.add(path)
    run(path, args, (error) => {
      busy.delete(path)
      // Without the command, or on a file system that cannot, files just grow until their run ends.
      if (error && (error as NodeJS.ErrnoException).code === 'ENOENT') possible = false
    })
  }

  return {
    tend(captures, diskFull) {
      if (!possible) return
      const room = freeBytes(directory)
      for (const capture of captures) {
        const { path } = capture
        if (!capture.private || busy.has(path)) continue
        const offset = capture.offset()
        const end = offset + capture.backlogBytes()
        const from = punched.get(path) ?? 0
        const to = Math.floor(Math.max(0, offset - keptBytes) / blockBytes) * blockBytes
        if (to - from >= (diskFull ? punchBytesWhenFull : punchBytes)) {
          punched.set(path, to)
          fallocateOnce(path, ['--punch-hole', '--offset', String(from), '--length', String(to - from), path])
        } else if (end + aheadBytes / 2 > (allocated.get(path) ?? 0) && room > 64 * aheadBytes) {
          allocated.set(path, end + aheadBytes)
          fallocateOnce(path, ['--keep-size', '--offset', String(end), '--length', String(aheadBytes), path])
        }
      }
    },
  }
}

function fallocate(_path: string, args: string[], done: (error: Error | null) => void): void {
  execFile('fallocate', args, (error) => done(error))
}

function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory)
  return bavail * bsize
}
