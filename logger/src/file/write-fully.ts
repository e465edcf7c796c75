// One record, one write: short writes are gone on with, and a pipe that is full for the moment is waited for.
import { writeSync } from 'node:fs'

const pause = new Int32Array(new SharedArrayBuffer(4))

/** Bytes of the text that were written; less than all only with an error, or when a full pipe stayed full for `patienceMs`. */
export function writeFully(
  descriptor: number,
  text: string,
  bytes: number,
  patienceMs: number,
): { written: number; error?: Error } {
  let written = 0
  try {
    written = writeSync(descriptor, text)
    if (written === bytes) return { written }
  } catch (error) {
    if (!isFull(error)) return { written, error: error as Error }
  }
  const rest = Buffer.from(text)
  const deadline = Date.now() + patienceMs
  while (written < bytes) {
    try {
      written += writeSync(descriptor, rest, written)
    } catch (error) {
      if (!isFull(error) || Date.now() >= deadline) return { written, error: error as Error }
      Atomics.wait(pause, 0, 0, 1)
    }
  }
  return { written }
}

function isFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EAGAIN'
}
