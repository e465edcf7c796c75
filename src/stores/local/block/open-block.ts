// A block for reading: what is asked of it is fetched and decompressed, and nothing else.
import { crc32 } from 'node:zlib'
import type { RecordBatch } from '../../../contracts/batch.ts'
import { firstKeys } from '../../../query/match/field-names.ts'
import { withoutNumberWords, type Plan } from '../../../query/plan/plan.ts'
import type { TemplateRows, ValueCounts } from '../../../query/summary/summary-part.ts'
import type { BlockHeader, Colours } from './block-header.ts'
import { findColours } from './colours.ts'
import type { BlockDirectory } from './block-directory.ts'
import { findRows, findWords } from './find-rows.ts'
import { readMinuteCounts, type MinuteCount } from './minute-counts.ts'
import { Damaged, decompress, openSectionReader, checked, type SectionReader } from './sections.ts'
import { readBatches, readColumns, type NumberColumns } from './read-batches.ts'
import { countTemplates } from './template-rows.ts'
import { countValues } from './value-counts.ts'
import { readNumbers, type StoredNumbers } from '../column/stored-numbers.ts'
import { gramsOf, hasGrams } from './gram-filter.ts'
import { hasPieces, piecesOf } from './word-filter.ts'

/** A text that all matches contain, prepared for the filters. */
export interface SoughtWord {
  grams: readonly number[]
  pieces: readonly number[]
  /** Digits of a number. */
  isNumber: boolean
}

/** Lists of which every match has one text each; without those of which a filter can say nothing. */
export function soughtWords({ words = [], anyWords = [], numberWords = [] }: Plan): SoughtWord[][] {
  return [...words.map((word) => [word]), ...anyWords]
    .map((list) =>
      list.map((word) => ({ grams: gramsOf(word), pieces: piecesOf(word), isNumber: numberWords.includes(word) })),
    )
    .filter((list) => list.every(({ grams }) => grams.length > 0))
}

/** Parts of a block worth remembering from one search to the next. */
export interface BlockMemory {
  grams?: Uint8Array
  /** Of a block whose header does not say it. */
  colours?: Colours
}

export interface Block {
  /** False when of one of the lists no text is in it. */
  mayContain(lists: readonly (readonly SoughtWord[])[]): boolean
  /** Rows that may match, ascending; undefined when all may. */
  findRows(plan: Plan): Uint32Array | undefined
  /** See find-rows.ts. */
  findWords(words: readonly string[]): ReturnType<typeof findWords>
  /** The rows asked for, or all, as batches of one origin each. */
  batches(rows?: Uint32Array): RecordBatch[]
  /** Of all rows, without their texts. */
  numbers(): NumberColumns
  /** Ids of all rows. */
  ids(): Float64Array
  /** Sequences of the rows. */
  seqs(): Float64Array
  /** Values of `logger` or a field; undefined where it takes the records to tell. */
  countValues(name: string): ValueCounts | undefined
  /** Of the messages; one may come several times. */
  countTemplates(): TemplateRows[]
  /** Event time and severity of all rows, or of those asked for. */
  times(rows?: Uint32Array): Pick<RecordBatch, 'count' | 'time' | 'severity'>
  /** Undefined where they were not worth keeping. */
  minuteCounts(): MinuteCount[] | undefined
}

/**
 * `read` gives bytes by their offset behind the header. What is damaged throws Damaged where it is needed; a damaged filter or
 * damaged counts are as if they were not there.
 */
export function openBlock(
  header: BlockHeader,
  read: (offset: number, length: number) => Uint8Array,
  memory: BlockMemory = {},
): Block {
  const block = decoderOf(header, read, memory)
  return {
    mayContain: (lists) => intact(() => block.mayContain(lists)) ?? true,
    findWords: (words) => checked(() => block.findWords(words)),
    findRows: (plan) => checked(() => block.findRows(plan)),
    numbers: () => checked(block.numbers),
    ids: () => checked(block.ids),
    seqs: () => checked(block.seqs),
    countValues: (name) => checked(() => block.countValues(name)),
    countTemplates: () => checked(block.countTemplates),
    times: (rows) => checked(() => block.times(rows)),
    minuteCounts: () => intact(block.minuteCounts),
    batches: (rows) => checked(() => block.batches(rows)),
  }
}

function decoderOf(
  header: BlockHeader,
  read: (offset: number, length: number) => Uint8Array,
  memory: BlockMemory,
): Block {
  const { count, gramsBytes, gramsRawBytes, wordsBytes, countsBytes, directoryBytes, directoryRawBytes } = header
  const countsAt = gramsBytes + wordsBytes
  const directoryAt = countsAt + countsBytes
  let opened: { directory: BlockDirectory; reader: SectionReader } | undefined

  function open(): { directory: BlockDirectory; reader: SectionReader } {
    if (opened) return opened
    const json = decompress(read(directoryAt, directoryBytes), directoryRawBytes)
    const directory = JSON.parse(
      Buffer.from(json.buffer, json.byteOffset, json.length).toString('utf8'),
    ) as BlockDirectory
    const sectionsAt = directoryAt + directoryBytes
    const reader = openSectionReader(directory.sections, (offset, length) => read(sectionsAt + offset, length))
    return (opened = { directory, reader })
  }

  const colours = (): Colours => header.colours ?? (memory.colours ??= findColours(open().reader, open().directory))

  /** Filters of older versions do not know the words that colours take apart. */
  function mayHideWords(): boolean {
    if (header.colours) return false
    const found = intact(colours)
    return found === undefined || found.messages || found.extras
  }

  function filtersMayHave(lists: readonly (readonly SoughtWord[])[]): boolean {
    memory.grams ??= intact(() => decompress(read(0, gramsBytes), gramsRawBytes))
    const { grams } = memory
    const left = grams ? lists.map((list) => list.filter((word) => hasGrams(grams, word.grams))) : lists
    if (left.some((list) => list.length === 0)) return false
    const long = left.filter((list) => list.every(({ pieces }) => pieces.length > 0))
    if (long.length === 0) return true
    if (wordsBytes === 0) return false
    const filter = read(gramsBytes, wordsBytes)
    if (crc32(filter) !== header.wordsCrc) return true
    return long.every((list) => list.some(({ pieces }) => hasPieces(filter, pieces)))
  }

  const numbers = (column: StoredNumbers, rows?: Uint32Array): Float64Array =>
    readNumbers(open().reader, column, count, rows)

  return {
    mayContain(lists) {
      if (header.exponents) lists = lists.filter((list) => !list.some(({ isNumber }) => isNumber))
      return lists.length === 0 || filtersMayHave(lists) || mayHideWords()
    },
    findWords: (words) => findWords(open().directory, open().reader, count, words, colours()),
    findRows: (plan) =>
      findRows(open().directory, open().reader, count, header.exponents ? withoutNumberWords(plan) : plan, colours),
    numbers: () => readColumns(open().directory, open().reader, count),
    ids: () => numbers(open().directory.id),
    seqs: () => numbers(open().directory.seq),
    countValues(name) {
      const isLogger = name.toLowerCase() === 'logger'
      // A name that means more than one key, or none of the fields.
      if (name.includes('.') || !(isLogger || firstKeys(name))) return undefined
      return countValues(open().reader, open().directory.extras, isLogger ? 'logger' : name, !isLogger)
    },
    countTemplates: () =>
      countTemplates(open().reader, open().directory.message, numbers(open().directory.id), colours().messages),
    times: (rows) => ({
      count: rows?.length ?? count,
      time: numbers(open().directory.time, rows),
      severity: new Uint8Array(numbers(open().directory.severity, rows)),
    }),
    minuteCounts() {
      if (countsBytes === 0) return undefined
      const bytes = read(countsAt, countsBytes)
      return crc32(bytes) === header.countsCrc ? readMinuteCounts(bytes) : undefined
    },
    batches(rows) {
      const { directory, reader } = open()
      return readBatches(header, directory, reader, rows)
    },
  }
}

/** Undefined when it is damaged. */
function intact<T>(read: () => T): T | undefined {
  try {
    return checked(read)
  } catch (error) {
    if (error instanceof Damaged) return undefined
    throw error
  }
}
