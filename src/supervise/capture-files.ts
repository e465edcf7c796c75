// The two private append-only files that a run's standard output and error go to, and what they are called.
import { closeSync, constants, fstatSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeDirectory } from '../system/make-directory.ts'
import type { KnownFile } from './process/proc-table.ts'

const captureStreams = ['stdout', 'stderr'] as const

export interface CaptureFile extends KnownFile {
  stream: (typeof captureStreams)[number]
}

export interface CapturePlace {
  captureDirectory: string
  source: string
  run: number
}

/** Known from name and number alone, so that they are found even if the hub died before noting them. */
export function capturePath(place: CapturePlace, stream: CaptureFile['stream'] | 'json'): string {
  return join(place.captureDirectory, encodeName(place.source), `${place.run}.${stream}`)
}

/** Path at which the FIFO for standard input is made; it has a name for a moment only. */
export const inputPath = ({ captureDirectory, source, run }: CapturePlace): string =>
  join(captureDirectory, encodeName(source), `${run}.stdin`)

/** Makes and opens both, standard output first; `close` the descriptors once the child has them. */
export function openCaptureFiles(place: CapturePlace): { files: CaptureFile[]; descriptors: number[]; close(): void } {
  const descriptors: number[] = []
  const close = () => descriptors.splice(0).forEach((descriptor) => closeSync(descriptor))
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants
  try {
    const files = captureStreams.map((stream) => {
      const path = capturePath(place, stream)
      makeDirectory(dirname(path))
      const descriptor = openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600)
      descriptors.push(descriptor)
      return { stream, path, inode: fstatSync(descriptor).ino }
    })
    return { files, descriptors: [...descriptors], close }
  } catch (error) {
    close()
    throw error
  }
}

/** Capture files of the run that are there. */
export function findCaptureFiles(place: CapturePlace): CaptureFile[] {
  return captureStreams.flatMap((stream) => {
    const path = capturePath(place, stream)
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat ? [{ stream, path, inode: stat.ino }] : []
  })
}

export function removeCaptureFiles(place: CapturePlace): void {
  for (const stream of captureStreams) rmSync(capturePath(place, stream), { force: true })
}

/** Name of the source that a directory belongs to. */
export function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}

/** As a file name: everything outside `[A-Za-z0-9._-]` percent-encoded, and no name made of dots alone. */
export function encodeName(name: string): string {
  const hex = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  const encoded = name.replace(/[^A-Za-z0-9._-]+/g, (rest) => [...Buffer.from(rest)].map(hex).join(''))
  return /^\.+$/.test(encoded) ? encoded.replaceAll('.', '%2E') : encoded
}
