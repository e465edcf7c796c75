// A fresh block is read again and held against the records that it was made of, before the files go that they were in: what an
// engine computes wrong once in a thousand times would else be wrong for ever (decisions/081).
import type { RecordBatch } from '../../../contracts/batch.ts'
import { formatJson } from '../../../json/format-json.ts'
import { framePayload } from '../../../wire/frame.ts'
import { blockHeaderBytes, decodeBlockHeader, type SealGroup } from '../block/block-header.ts'
import { encodeBlock } from '../block/encode-block.ts'
import { openBlock } from '../block/open-block.ts'
import { Damaged } from '../block/sections.ts'

const attempts = 3
/** Texts are read of one row in so many, and of the first and last: they take half as long to read as to write. */
const textStep = 512

/** As `encodeBlock`. Throws when it does not succeed: then the records must stay where they are. */
export function provenBlock(
  batches: readonly RecordBatch[],
  group: SealGroup,
  encode: typeof encodeBlock = encodeBlock,
): Uint8Array {
  for (let attempt = 1; ; attempt++) {
    const frame = encode(batches, group)
    const wrong = wrongIn(framePayload(frame), batches)
    if (wrong === undefined) return frame
    const what = `a new block of ${batches[0]!.source} did not hold what was written to it (${wrong})`
    if (attempt === attempts) throw new Error(`${what}; its records stay in their file`)
    process.emitWarning(`${what}; it is written again`)
  }
}

/** The first thing found that is not as it was. */
function wrongIn(payload: Uint8Array, batches: readonly RecordBatch[]): string | undefined {
  try {
    return differenceIn(payload, batches)
  } catch (error) {
    if (error instanceof Damaged) return error.message
    throw error
  }
}

function differenceIn(payload: Uint8Array, batches: readonly RecordBatch[]): string | undefined {
  const header = decodeBlockHeader(payload)
  if (!header) return 'header'
  const base = blockHeaderBytes(payload)
  const block = openBlock(header, (offset, length) => payload.subarray(base + offset, base + offset + length))
  const numbers = block.numbers()
  let at = 0
  for (const batch of batches) {
    for (const column of numberColumns) if (!areSame(batch[column], numbers[column], at)) return column
    at += batch.count
  }
  if (header.count !== at || header.firstId !== numbers.id[0] || header.lastId !== numbers.id[at - 1]) return 'header'
  if (!isRangeOf(numbers.time, header.timeFrom, header.timeTo)) return 'times of the header'
  const rows = sampleOf(at)
  const written = rowsOf(batches, rows)
  const read = rowsOf(block.batches(rows))
  return read.length === written.length && read.every((row, i) => row === written[i]) ? undefined : 'texts'
}

const numberColumns = ['id', 'seq', 'time', 'observed', 'stream', 'kind', 'severity'] as const

function areSame(some: ArrayLike<number>, all: ArrayLike<number>, at: number): boolean {
  for (let i = 0; i < some.length; i++) if (some[i] !== all[at + i]) return false
  return true
}

function isRangeOf(numbers: Float64Array, from: number, to: number): boolean {
  let [least, most] = [Infinity, -Infinity]
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i]! < least) least = numbers[i]!
    if (numbers[i]! > most) most = numbers[i]!
  }
  return least === from && most === to
}

function sampleOf(count: number): Uint32Array {
  const rows = Array.from({ length: Math.ceil(count / textStep) }, (_, i) => i * textStep)
  if (rows.at(-1) !== count - 1) rows.push(count - 1)
  return Uint32Array.from(rows)
}

/** All that is not a number of a record, as one text; `rows`: of the records of all batches together, all when absent. */
function rowsOf(batches: readonly RecordBatch[], rows?: Uint32Array): string[] {
  const texts: string[] = []
  let first = 0
  let next = 0
  for (const batch of batches) {
    const { source, run, session, pid, count } = batch
    for (let row = 0; row < count; row++) {
      if (rows && rows[next] !== first + row) continue
      next++
      const message = Buffer.from(batch.text.subarray(batch.start[row]!, batch.end[row]!)).toString('latin1')
      texts.push(JSON.stringify([source, run, session, pid, message, extrasText(batch, row)]))
    }
    first += count
  }
  return texts
}

function extrasText({ extras }: RecordBatch, row: number): string {
  const { json } = extras
  if (json) return Buffer.from(json.bytes.subarray(json.start[row]!, json.end[row]!)).toString('utf8')
  const value = extras(row)
  return value ? formatJson(value) : ''
}
