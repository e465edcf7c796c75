// A write of all bytes: short writes are gone on with, and a pipe that is full for the moment is waited for.
import { writeSync } from 'node:fs'

const pause = new Int32Array(new SharedArrayBuffer(4))

/** Bytes that were written of the first `length`; less than all only with an error, or when a full pipe stayed full for `patienceMs`. */
export function writeFully(
  descriptor: number,
  bytes: Uint8Array,
  length: number,
  patienceMs: number,
): { written: number; error?: Error } {
  let written = 0
  let deadline: number | undefined
  while (written < length) {
    try {
      const taken = writeSync(descriptor, bytes, written, length - written)
      if (taken === 0) return { written, error: new Error('the system took no more bytes') }
      written += taken
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return { written, error: error as Error }
      deadline ??= Date.now() + patienceMs
      if (Date.now() >= deadline) return { written, error: error as Error }
      Atomics.wait(pause, 0, 0, 1)
    }
  }
  return { written }
}
