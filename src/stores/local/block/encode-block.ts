// Records of one source → a block: columns without what repeats, compressed, behind a header that tells what cannot be in
// it. On disk: header · gram filter · word filter · counts · directory · sections, as the payload of one frame.
import { crc32 } from 'node:zlib'
import type { RecordBatch } from '../../../contracts/batch.ts'
import { numberWithExponent } from '../../../json/compare-numbers.ts'
import { formatJson } from '../../../json/format-json.ts'
import { findVariables, maxVariables } from '../../../text/template.ts'
import { frameBytes, frameHeaderBytes, sealFrame } from '../../../wire/frame.ts'
import { encodeBlockHeader, type BlockHeader, type OriginRows, type SealGroup } from './block-header.ts'
import { addJoinedWords, coloursOf } from './colours.ts'
import { findJsonPlaces, maxJsonPlaces } from './json-places.ts'
import { countPerMinute } from './minute-counts.ts'
import { compress, openSectionWriter } from './sections.ts'
import { writeTemplated } from '../column/templated-column.ts'
import type { BlockDirectory } from './block-directory.ts'
import type { Texts } from '../column/texts.ts'
import { writeNumbers } from '../column/stored-numbers.ts'
import type { TextFilters } from '../column/value-column.ts'
import { openGramCollector } from './gram-filter.ts'
import { openWordCollector } from './word-filter.ts'

export const maxBlockRecords = 32_768

const zstdLevel = 1

// Shared by all blocks: the engine would compile them for every block.
const words = openWordCollector()
const grams = openGramCollector()
const filters: TextFilters = {
  text(bytes, from, to) {
    grams.add(bytes, from, to)
    words.add(bytes, from, to)
  },
  digits: grams.addDigits,
}

/** Batches of one source, ids ascending, at most `maxBlockRecords` records → one frame. For files: `provenBlock`. */
export function encodeBlock(batches: readonly RecordBatch[], group: SealGroup): Uint8Array {
  const count = batches.reduce((sum, batch) => sum + batch.count, 0)
  const column = <T extends Float64Array | Uint8Array>(array: T, pick: (batch: RecordBatch) => T): T => {
    let at = 0
    for (const batch of batches) {
      array.set(pick(batch), at)
      at += batch.count
    }
    return array
  }
  const numbers = (pick: (batch: RecordBatch) => Float64Array): Float64Array => column(new Float64Array(count), pick)
  const small = (pick: (batch: RecordBatch) => Uint8Array): Uint8Array => column(new Uint8Array(count), pick)
  const id = numbers((batch) => batch.id)
  const time = numbers((batch) => batch.time)
  const stream = small((batch) => batch.stream)
  const kind = small((batch) => batch.kind)
  const severity = small((batch) => batch.severity)
  const messages = joinTexts(
    batches.map(({ text, start, end, count: rows }) => ({ bytes: text, start, end, count: rows })),
  )
  const extrasOfBatches = batches.map(extrasTexts)
  const extras = joinTexts(extrasOfBatches)

  const writer = openSectionWriter(zstdLevel)
  words.begin()
  grams.begin()
  const parts: Omit<BlockDirectory, 'sections'> = {
    id: writeNumbers(writer, id, count),
    seq: writeNumbers(
      writer,
      numbers((batch) => batch.seq),
      count,
    ),
    time: writeNumbers(writer, time, count),
    observed: writeNumbers(
      writer,
      numbers((batch) => batch.observed),
      count,
    ),
    stream: writeNumbers(writer, stream, count),
    kind: writeNumbers(writer, kind, count),
    severity: writeNumbers(writer, severity, count),
    message: writeTemplated(writer, messages, findVariables, maxVariables, filters),
    extras: writeTemplated(writer, extras, findJsonPlaces, maxJsonPlaces, filters),
  }
  const colours = coloursOf(messages, extras)
  addJoinedWords(messages, extras, colours, filters)
  const { sizes, parts: sections } = writer.finish()
  const directoryJson = Buffer.from(JSON.stringify({ sections: sizes, ...parts } satisfies BlockDirectory))
  const directory = compress(directoryJson, zstdLevel)
  const wordFilter = words.finish()
  const gramBits = grams.finish()
  const gramFilter = compress(gramBits, zstdLevel)
  const counts = countPerMinute(time, severity)
  const header: BlockHeader = {
    group,
    source: batches[0]!.source,
    count,
    origins: originsOf(batches),
    firstId: id[0]!,
    lastId: id[count - 1]!,
    ...rangeOf(time),
    severities: distinct(severity),
    streams: distinct(stream),
    kinds: distinct(kind),
    ...(extrasOfBatches.some(({ exponents }) => exponents) ? { exponents: true } : {}),
    colours,
    rawBytes: messages.bytes.length + extras.bytes.length,
    gramsBytes: gramFilter.length,
    gramsRawBytes: gramBits.length,
    wordsBytes: wordFilter.length,
    wordsCrc: crc32(wordFilter),
    countsBytes: counts.length,
    countsCrc: crc32(counts),
    directoryBytes: directory.length,
    directoryRawBytes: directoryJson.length,
  }
  return frameOf([encodeBlockHeader(header), gramFilter, wordFilter, counts, directory, ...sections])
}

function frameOf(parts: readonly Uint8Array[]): Uint8Array {
  const payloadBytes = parts.reduce((sum, part) => sum + part.length, 0)
  const frame = new Uint8Array(frameBytes(payloadBytes))
  let at = frameHeaderBytes
  for (const part of parts) {
    frame.set(part, at)
    at += part.length
  }
  sealFrame(frame, payloadBytes)
  return frame
}

/** Behind each other in one piece of memory, which holds nothing else. */
function joinTexts(pieces: readonly Texts[]): Texts {
  const count = pieces.reduce((sum, piece) => sum + piece.count, 0)
  const start = new Uint32Array(count)
  const end = new Uint32Array(count)
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + bytesIn(piece), 0))
  const joined = { bytes, start, end, count: 0 }
  for (const piece of pieces) append(joined, piece)
  return joined
}

function bytesIn({ start, end, count }: Texts): number {
  let bytes = 0
  for (let i = 0; i < count; i++) bytes += end[i]! - start[i]!
  return bytes
}

function append(joined: Texts, piece: Texts): void {
  for (let from = 0; from < piece.count;) {
    const to = endOfStretch(piece, from)
    appendPart(joined, piece, from, to)
    from = to
  }
}

/** Texts that follow each other without a gap are copied at once. */
function endOfStretch({ start, end, count }: Texts, from: number): number {
  let to = from + 1
  while (to < count && start[to] === end[to - 1]) to++
  return to
}

function appendPart(joined: Texts, piece: Texts, from: number, to: number): void {
  const { bytes, start, end, count } = joined
  const base = piece.start[from]!
  const at = count > 0 ? end[count - 1]! : 0
  bytes.set(piece.bytes.subarray(base, piece.end[to - 1]), at)
  let row = count
  for (; from < to; from++, row++) {
    start[row] = at + piece.start[from]! - base
    end[row] = at + piece.end[from]! - base
  }
  joined.count = row
}

function extrasTexts({ count, extras }: RecordBatch): Texts & { exponents?: boolean | undefined } {
  if (extras.json) return { ...extras.json, count }
  const start = new Uint32Array(count)
  const end = new Uint32Array(count)
  const pieces: Buffer[] = []
  let at = 0
  let exponents = false
  for (let i = 0; i < count; i++) {
    const value = extras(i)
    start[i] = at
    if (value) {
      const text = formatJson(value)
      exponents ||= numberWithExponent.test(text)
      const json = Buffer.from(text)
      pieces.push(json)
      at += json.length
    }
    end[i] = at
  }
  return { bytes: Buffer.concat(pieces, at), start, end, count, exponents }
}

function originsOf(batches: readonly RecordBatch[]): OriginRows[] {
  const origins: OriginRows[] = []
  for (const { run, session, pid, count, seq } of batches) {
    if (count === 0) continue
    const firstSeq = seq[0]!
    const lastSeq = seq[count - 1]!
    const last = origins.at(-1)
    if (last && last.run === run && last.session === session && last.pid === pid) {
      last.count += count
      last.lastSeq = lastSeq
    } else origins.push({ run, session, pid, count, firstSeq, lastSeq })
  }
  return origins
}

function distinct(array: Uint8Array): number[] {
  const seen = new Uint8Array(256)
  for (let i = 0; i < array.length; i++) seen[array[i]!] = 1
  return [...seen.keys()].filter((value) => seen[value] === 1)
}

function rangeOf(times: Float64Array): { timeFrom: number; timeTo: number } {
  let [timeFrom, timeTo] = [Infinity, -Infinity]
  for (let i = 0; i < times.length; i++) {
    timeFrom = Math.min(timeFrom, times[i]!)
    timeTo = Math.max(timeTo, times[i]!)
  }
  return { timeFrom, timeTo }
}
