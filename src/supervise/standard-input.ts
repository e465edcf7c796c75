// Standard input of a process. Many programs end when it ends, so that by default it stays open, with nothing in
// it, for as long as the process lives, whatever becomes of the hub.
import { execFile } from 'node:child_process'
import { closeSync, constants, openSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { LogboomError } from '../contracts/errors.ts'
import { makeDirectory } from '../system/make-directory.ts'

export interface StandardInputFile {
  /** Relative to the configuration's directory. */
  file: string
}

/** `inherit` is that of the hub: of `logboom run`. */
export type StandardInput = 'open' | 'empty' | 'inherit' | StandardInputFile

export interface OpenedInput {
  descriptor: number | 'ignore' | 'inherit'
  /** Once the process has it. */
  close(): void
}

/** `base`: the configuration's directory; `place`: where a file may be for a moment. */
export async function openStandardInput(input: StandardInput, base: string, place: string): Promise<OpenedInput> {
  if (input === 'empty') return { descriptor: 'ignore', close: () => undefined }
  if (input === 'inherit') return { descriptor: 'inherit', close: () => undefined }
  const descriptor = input === 'open' ? await openEndless(place) : openFile(resolve(base, input.file))
  return { descriptor, close: () => closeSync(descriptor) }
}

/** A FIFO whose only writer is whoever has this descriptor, which is the process itself: nobody else can end it. */
async function openEndless(place: string): Promise<number> {
  makeDirectory(dirname(place))
  rmSync(place, { force: true })
  try {
    await promisify(execFile)('mkfifo', ['-m', '600', place])
    return openSync(place, constants.O_RDWR | constants.O_NOFOLLOW)
  } catch (cause) {
    const message = `standard input cannot be made: ${(cause as Error).message.trim()}`
    throw new LogboomError('start-failed', message, { cause, hint: 'Set `stdin: empty` for it.' })
  } finally {
    rmSync(place, { force: true })
  }
}

/** Throws `stdin-invalid`. */
function openFile(path: string): number {
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) throw new Error(`${path} is a directory`)
    // For reading alone it would be waited for until somebody writes.
    return openSync(path, stats.isFIFO() ? constants.O_RDWR : constants.O_RDONLY)
  } catch (cause) {
    const message = `the file for standard input cannot be read: ${(cause as Error).message}`
    throw new LogboomError('stdin-invalid', message, { cause })
  }
}
