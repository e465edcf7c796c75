// Holds all that a block says of itself against the records that are in it.
import type { RecordBatch } from '../../../contracts/batch.ts'
import { messageText } from '../../../query/match/batch-text.ts'
import type { BlockHeader } from '../block/block-header.ts'
import { countPerMinute, readMinuteCounts } from '../block/minute-counts.ts'
import { soughtWords, type Block } from '../block/open-block.ts'

/** Records that are looked for with the filters. */
const samples = 64

/** Errors in a block, in words. Throws what the decoders throw. */
export function checkBlock(header: BlockHeader, block: Block, batches: readonly RecordBatch[]): string[] {
  const wrong: string[] = []
  function mustBe(what: string, said: unknown, found: unknown): void {
    const [a, b] = [JSON.stringify(said), JSON.stringify(found)]
    if (a !== b) wrong.push(`${what}: the header says ${a}, the records ${b}`)
  }
  const all = <Column extends Float64Array | Uint8Array>(pick: (batch: RecordBatch) => Column): number[] =>
    batches.flatMap((batch) => [...pick(batch)])
  const ids = all(({ id }) => id)
  const time = all((batch) => batch.time)
  const severity = all((batch) => batch.severity)
  mustBe('count', header.count, ids.length)
  mustBe('first and last id', [header.firstId, header.lastId], [ids[0], ids.at(-1)])
  mustBe('time', [header.timeFrom, header.timeTo], [least(time), -least(time.map((each) => -each))])
  mustBe('severities', header.severities, distinct(severity))
  mustBe('streams', header.streams, distinct(all(({ stream }) => stream)))
  mustBe('kinds', header.kinds, distinct(all(({ kind }) => kind)))
  mustBe('bytes', header.rawBytes, rawBytes(batches))
  mustBe('origins', header.origins, originsOf(batches))
  const counts = block.minuteCounts()
  if (counts) {
    const recounted = countPerMinute(Float64Array.from(time), Uint8Array.from(severity))
    mustBe('counts per minute', counts, readMinuteCounts(recounted))
  }
  const { group } = header
  if (ids.some((id, row) => id < group.first || id > group.last || (row > 0 && id <= ids[row - 1]!)))
    wrong.push('ids are not ascending within the group')
  const hidden = hiddenWord(block, batches, ids.length)
  if (hidden !== undefined) wrong.push(`the filters do not find ${JSON.stringify(hidden)}, which is there`)
  return wrong
}

/** A word of a record that a search for it would not find. */
function hiddenWord(block: Block, batches: readonly RecordBatch[], count: number): string | undefined {
  const step = Math.max(1, Math.floor(count / samples))
  let first = 0
  for (const batch of batches) {
    for (let row = (step - (first % step)) % step; row < batch.count; row += step) {
      const words = messageText(batch, row).match(/[A-Za-z0-9_]+/g) ?? []
      const word = words.reduce((longest, each) => (each.length > longest.length ? each : longest), '').toLowerCase()
      if (word === '') continue
      const plan = { words: [word] }
      const rows = block.mayContain(soughtWords(plan)) ? block.findRows(plan) : new Uint32Array(0)
      if (rows && !rows.includes(first + row)) return word
    }
    first += batch.count
  }
  return undefined
}

const least = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.min(a, b), Infinity)

const distinct = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b)

function rawBytes(batches: readonly RecordBatch[]): number {
  let bytes = 0
  for (const { count, start, end, extras } of batches)
    for (let row = 0; row < count; row++) {
      bytes += end[row]! - start[row]!
      const { json } = extras
      if (json) bytes += json.end[row]! - json.start[row]!
    }
  return bytes
}

function originsOf(batches: readonly RecordBatch[]): BlockHeader['origins'] {
  return batches.map(({ run, session, pid, count, seq }) => ({
    run,
    session,
    pid,
    count,
    firstSeq: seq[0]!,
    lastSeq: seq[count - 1]!,
  }))
}
