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
  try {
    file.append(bytes, size)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    const given = makeRoom(file, room)
    if (!given) throw error
    tell(`full ${room.path}`, `The disk is full: ${given.name} was given up for the newest lines`)
    appendGap(file, room, givenUpGap(given.name, given.bytes).message)
    appendWithRoom(file, room, bytes, size)
  }
}

export function appendGap(file: AppendedFile, room: Room, message: string): void {
  const bytes = Buffer.from(room.gapLine(message))
  appendWithRoom(file, room, bytes, bytes.length)
}

function makeRoom(file: AppendedFile, { rotated, path: place }: Room): { name: string; bytes: number } | undefined {
  const dropped = rotated.dropOldest()
  if (dropped) return dropped
  const bytes = file.length()
  if (bytes === 0) return undefined
  file.truncate()
  return { name: path.basename(place), bytes }
}
