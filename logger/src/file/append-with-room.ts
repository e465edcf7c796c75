// A line for a file on a disk that may be full (A9): the oldest rotated file makes room, then what the file itself has; a gap tells of each.
import path from 'node:path'
import { givenUpGap } from '../../../src/text/gaps.ts'
import { tell } from '../tell.ts'
import type { AppendedFile } from './appended-file.ts'
import type { RotatedFiles } from './rotated-files.ts'

export interface Room {
  /** Path of the file. */
  path: string
  rotated: RotatedFiles
  /** A gap as a line of the file, with line feed. */
  gapLine(message: string): string
}

/** The first `size` bytes. Throws what the system says when there is nothing left to give up. */
export function appendWithRoom(file: AppendedFile, room: Room, bytes: Uint8Array, size: number): void {
  let isTruncated = false
  let [all, allSize] = [bytes, size]
  let gaps = ''
  for (;;) {
    try {
      return file.append(all, allSize)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      // Once for each line: others may fill the disk faster than room is made.
      const given = makeRoom(file, room, !isTruncated)
      if (!given) throw error
      isTruncated ||= given.isCurrent
      tell(`full ${room.path}`, `The disk is full: ${given.name} was given up for the newest lines`)
      gaps += room.gapLine(givenUpGap(given.name, given.bytes).message)
      all = Buffer.concat([Buffer.from(gaps), bytes.subarray(0, size)])
      allSize = all.length
    }
  }
}

export function appendGap(file: AppendedFile, room: Room, message: string): void {
  const bytes = Buffer.from(room.gapLine(message))
  appendWithRoom(file, room, bytes, bytes.length)
}

interface GivenUp {
  name: string
  bytes: number
  /** True: the file's own content, no rotated one. */
  isCurrent: boolean
}

function makeRoom(file: AppendedFile, { rotated, path: place }: Room, mayTruncate: boolean): GivenUp | undefined {
  const dropped = rotated.dropOldest()
  if (dropped) return { ...dropped, isCurrent: false }
  const bytes = file.length()
  if (bytes === 0 || !mayTruncate) return undefined
  file.truncate()
  return { name: path.basename(place), bytes, isCurrent: true }
}
