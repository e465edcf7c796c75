// The file in which a store keeps what the clocks said last. A damaged one is as good as none.
import { crc32 } from 'node:zlib'
import type { Disk } from '../../../system/disk.ts'
import { replaceFile } from '../../../system/new-file.ts'
import type { ClockState } from './clock-doubt.ts'
import { clockFile } from '../names.ts'
import { readFrom } from '../frames/read-file.ts'
import { isOfDisk } from '../tail/tail-file.ts'

interface Checked extends ClockState {
  /** CRC-32 of the rest as JSON. */
  check: number
}

export function readClockState(disk: Disk, directory: string): ClockState | undefined {
  const path = clockFile(directory)
  if (!disk.exists(path)) return undefined
  try {
    const file = disk.open(path, 'r')
    try {
      const { check, ...state } = JSON.parse(readFrom(disk, file, 0, disk.fstat(file).size).toString('utf8')) as Checked
      return check === checkOf(state) ? state : undefined
    } finally {
      disk.close(file)
    }
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || isOfDisk(error)) return undefined
    throw error
  }
}

export function writeClockState(disk: Disk, directory: string, state: ClockState): void {
  const checked: Checked = { ...state, check: checkOf(state) }
  replaceFile(clockFile(directory), `${JSON.stringify(checked)}\n`, { disk })
}

const checkOf = (state: ClockState): number => crc32(JSON.stringify(state))
