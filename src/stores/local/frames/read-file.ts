// Reading a range of a file whole.
import type { Disk } from '../../../system/disk.ts'

/** The bytes at `position`, `length` of them or fewer at the file's end. */
export function readFrom(disk: Disk, fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length)
  let got = 0
  while (got < length) {
    const count = disk.read(fd, bytes, got, length - got, position + got)
    if (count === 0) break
    got += count
  }
  return bytes.subarray(0, got)
}
