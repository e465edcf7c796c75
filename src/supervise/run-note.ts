// A note beside the capture files of a run, for as long as anybody of it may live: whose they are, and how its processes are known. So
// a hub finds what runs though its catalogue was lost.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../system/new-file.ts'
import type { RunRow } from '../contracts/source.ts'
import { capturePath, decodeName, findCaptureFiles, type CapturePlace } from './capture-files.ts'
import { findLeader, findWriter } from './process/members.ts'
import { readCommand } from './process/command-line.ts'
import type { RunDetails } from './run-details.ts'
import { readMark } from './process/run-mark.ts'

const notePath = (place: CapturePlace): string => capturePath(place, 'json')

export function writeRunNote(captureDirectory: string, row: RunRow): void {
  try {
    replaceFile(notePath({ captureDirectory, ...row }), JSON.stringify(row), { isLasting: false })
  } catch {
    // On a full disk the catalogue alone knows.
  }
}

export function removeRunNote(place: CapturePlace): void {
  rmSync(notePath(place), { force: true })
}

/** Runs of which a note or a capture file is left, those of a source by number. */
export function findLeftRuns(captureDirectory: string): { place: CapturePlace; read(): RunRow }[] {
  return list(captureDirectory)
    .filter((directory) => directory !== '.pipes')
    .flatMap((directory) => {
      const numbers = list(join(captureDirectory, directory)).map(
        (name) => /^(\d+)\.(stdout|stderr|json)$/.exec(name)?.[1],
      )
      const source = decodeName(directory)
      return [...new Set(numbers.flatMap((number) => number ?? []))]
        .map((number) => ({ captureDirectory, source, run: Number(number) }))
        .sort((a, b) => a.run - b.run)
        .map((place) => ({ place, read: () => readNote(place) ?? rowOfFiles(place) }))
    })
}

function readNote(place: CapturePlace): RunRow | undefined {
  try {
    const row = JSON.parse(readFileSync(notePath(place), 'utf8')) as RunRow
    const { runId } = row.details as Partial<RunDetails>
    const isOurs = row.source === place.source && row.run === place.run && typeof runId === 'string'
    return isOurs ? { ...row, endedAt: null } : undefined
  } catch {
    return undefined
  }
}

/** Known by who writes to its files alone. */
function rowOfFiles(place: CapturePlace): RunRow {
  const files = findCaptureFiles(place)
  const writer = findWriter(files)
  const runId = (writer === undefined ? undefined : readMark(writer)) ?? 'unknown'
  const identity = findLeader({ runId, files })
  const details: RunDetails = {
    runId,
    command: identity ? readCommand(identity.pid) : 'unknown',
    restarts: 0,
    files,
    ...(identity ? { identity } : {}),
  }
  const startedAt = Math.min(
    ...files.map(({ path }) => statSync(path, { throwIfNoEntry: false })?.birthtimeMs ?? Infinity),
  )
  return {
    source: place.source,
    run: place.run,
    session: '',
    startedAt: Number.isFinite(startedAt) ? startedAt : Date.now(),
    endedAt: null,
    details: { ...details },
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    // None, or a file among directories.
    return []
  }
}
