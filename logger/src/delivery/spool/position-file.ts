// The part of the log that is in the spool, for a spool whose segments are all sent, and where the log ended when its owner began.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { LogPosition } from '../chunk.ts'

export interface LogPlace {
  file: string
  /** Directory of rotated copies. */
  rotatedDirectory: string
}

export interface PositionFile {
  /** Unix milliseconds of the owner's beginning. */
  openedAt: number
  /** The owner's log; absent without. */
  log?: LogPlace | undefined
  /** The end of the log at the owner's beginning; absent without log. */
  start?: LogPosition | undefined
  last?: LogPosition | undefined
}

const fileName = 'position.json'

/** Replaced whole, so that a kill leaves the old one or the new one. */
export function writePosition(directory: string, position: PositionFile): void {
  const file = path.join(directory, fileName)
  writeFileSync(`${file}.tmp`, JSON.stringify(position), { mode: 0o600 })
  renameSync(`${file}.tmp`, file)
}

export function readPosition(directory: string): PositionFile | undefined {
  try {
    return JSON.parse(readFileSync(path.join(directory, fileName), 'utf8')) as PositionFile
  } catch {
    return undefined
  }
}

export function removePosition(directory: string): void {
  rmSync(path.join(directory, fileName), { force: true })
}
