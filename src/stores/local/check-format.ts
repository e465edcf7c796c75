// The version of the format that a store's directory is in, and whether this program can read it. Its own file because it must
// still understand what is not understood any more, or not yet.
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Disk } from '../../system/disk.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { makeDirectory } from '../../system/make-directory.ts'
import { replaceFile } from '../../system/new-file.ts'
import { formatFile, formatVersion } from './names.ts'
import { readFrom } from './frames/read-file.ts'
import { surveyStore } from './survey.ts'
import { walkFrames } from './frames/walk-frames.ts'

/** Makes the directory where there is none. Throws `state-unusable`. */
export function checkFormat(disk: Disk, directory: string, warn: (message: string) => void): void {
  const path = formatFile(directory)
  if (!disk.exists(path)) {
    makeDirectory(directory, disk)
    disk.syncDirectory(dirname(directory))
    return writeVersion(disk, path)
  }
  const version = readVersion(disk, path)
  if (version === undefined) {
    if (!isReadable(disk, directory)) throw unreadable(directory)
    warn(`${path} is damaged; what is stored there can be read, so it is written again`)
    return writeVersion(disk, path)
  }
  refuseOther(directory, version)
}

/** Checks for a reader: changes nothing. */
export function checkFormatForReading(disk: Disk, directory: string): void {
  const path = formatFile(directory)
  const version = disk.exists(path) ? readVersion(disk, path) : undefined
  if (version !== undefined) refuseOther(directory, version)
}

function refuseOther(directory: string, version: number): void {
  if (version > formatVersion) {
    throw new LogboomError(
      'state-unusable',
      `${directory} was written by a newer Logboom (format ${version}, this one knows ${formatVersion})`,
      { hint: 'Install that version again, or give another directory with --state DIR.' },
    )
  }
  if (version < formatVersion) {
    throw new LogboomError(
      'state-unusable',
      `${directory} was written by a Logboom that was never released (format ${version})`,
      { hint: `Move it away, and a new one is begun: mv ${directory} ${directory}-${version}` },
    )
  }
}

function unreadable(directory: string): LogboomError {
  return new LogboomError('state-unusable', `Nothing in ${directory} can be read, nor which format it has`, {
    hint: `Move it away, and a new one is begun: mv ${directory} ${directory}-damaged`,
  })
}

interface Format {
  version: number
  /** Of the version: a flipped bit shall not be taken for a newer Logboom. */
  check: number
}

const checkOf = (version: number): number => crc32(String(version))

/** Undefined when the file is damaged. */
export function readVersion(disk: Disk, path: string): number | undefined {
  const file = disk.open(path, 'r')
  try {
    const { version, check } = JSON.parse(readFrom(disk, file, 0, disk.fstat(file).size).toString()) as Partial<Format>
    return typeof version === 'number' && check === checkOf(version) ? version : undefined
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  } finally {
    disk.close(file)
  }
}

function writeVersion(disk: Disk, path: string): void {
  const format: Format = { version: formatVersion, check: checkOf(formatVersion) }
  replaceFile(path, `${JSON.stringify(format)}\n`, { disk })
}

/** There is nothing, or at least one frame that means something to this program. */
function isReadable(disk: Disk, directory: string): boolean {
  const { days, tails } = surveyStore(disk, directory)
  if (days.length + tails.length === 0) return true
  if (days.some(({ groups }) => groups.length > 0)) return true
  return tails.some(({ path }) => {
    let frames = 0
    walkFrames(disk, path, 0, () => ++frames > 0)
    return frames > 0
  })
}
