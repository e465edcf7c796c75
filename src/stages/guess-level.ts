// The stage behind all that may know the level: whatever still has none gets one from its text, INFO when that names none.
// The stream says nothing: programs print progress and warnings to stderr alike.
import type { RecordBatch } from '../contracts/batch.ts'
import type { StageType } from '../contracts/stage.ts'
import { defaultSeverity, guessSeverity } from './guess-severity.ts'

const mostLines = 10

export const guessLevel: StageType<Record<string, never>> = {
  name: 'guessLevel',
  options: (z) => z.strictObject({}),
  open: () => ({ apply: guessBatch }),
}

function guessBatch(batch: RecordBatch): RecordBatch {
  const { count, severity, text, start, end } = batch
  for (let row = 0; row < count; row++) {
    if (severity[row] === 0) severity[row] = guessOf(text, start[row]!, end[row]!) ?? defaultSeverity
    else if (severity[row]! > 24) severity[row] = 24
  }
  return batch
}

/** Of a message of several lines the first that names a level counts: Node shows where before it says what. */
function guessOf(text: Uint8Array, start: number, end: number): number | undefined {
  let found = guessSeverity(text, start, end)
  for (let line = 1; found === undefined && line < mostLines; line++) {
    const newline = text.subarray(start, end).indexOf(0x0a)
    if (newline < 0) return undefined
    start += newline + 1
    found = guessSeverity(text, start, end)
  }
  return found
}
