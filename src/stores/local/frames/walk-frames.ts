// Goes through the frames of a file a window at a time, so that a large file costs no more memory than a small one.
import type { Disk } from '../../../system/disk.ts'
import { readFrom } from './read-file.ts'
import { scanFrames, type Damage, type FrameAt } from './scan-frames.ts'

/** Read at once; most frames are far smaller. */
const windowBytes = 1024 * 1024

export interface Walk {
  /** End of the last whole frame. */
  end: number
  /** Bytes between whole frames. */
  damage: Damage[]
  /** Of the file. */
  size: number
}

/**
 * Visits every whole frame from `from` on, with its offset in the file; one of which `visit` says false cannot be understood, which
 * is damage, too. Throws what the system throws.
 */
export function walkFrames(disk: Disk, path: string, from: number, visit: (frame: FrameAt) => boolean): Walk {
  const fd = disk.open(path, 'r')
  try {
    const { size } = disk.fstat(fd)
    const damage: Damage[] = []
    let position = from
    let end = from
    let length = windowBytes
    while (position < size) {
      const bytes = readFrom(disk, fd, position, Math.min(length, size - position))
      const following = size - position - bytes.length
      const scanned = scanFrames(bytes, following)
      for (const frame of scanned.frames) {
        const offset = position + frame.offset
        if (!visit({ ...frame, offset })) continue
        if (offset > end) damage.push({ offset: end, bytes: offset - end })
        end = offset + frame.bytes
      }
      if (following === 0) break
      if (scanned.cut) {
        length = Math.max(scanned.cut.bytes, windowBytes)
        position += scanned.cut.offset
        continue
      }
      // Without a whole frame in it, the window lies in damage, or ends within the header of a frame.
      length = scanned.end === 0 ? length * 2 : windowBytes
      position += scanned.end
    }
    return { end, damage, size }
  } finally {
    disk.close(fd)
  }
}
