// `logboom merge`: several log files as one, in the order of time; with --follow also what comes.
import { once } from 'node:events'
import { LogboomError } from '../../contracts/errors.ts'
import type { LogRecord } from '../../contracts/record.ts'
import { formatJson } from '../../json/format-json.ts'
import { parseQuery } from '../../query/language/parse-query.ts'
import { compileQuery } from '../../query/match/compile-query.ts'
import { shapeEntries } from '../../shape/shape-entries.ts'
import { localCalendar, openCalendar, type Calendar } from '../../time/calendar.ts'
import { openServices } from '../../text/services.ts'
import { namedRecord } from '../../wire/record-json.ts'
import { watchEndSignals } from '../end-signals.ts'
import { createRecordPrinter } from '../logs/record-printer.ts'
import { selectRecords, usageError } from '../logs/select-records.ts'
import { sortByTime } from '../logs/sort-by-time.ts'
import { mostEntryMebibytes, type Entry } from './entry.ts'
import { followEntries } from './follow-entries.ts'
import { openLogFiles, type LogFile } from './list-log-files.ts'
import { isCopyOfKnown } from './is-copy-of-known.ts'
import { openKnownBeginnings } from './known-beginnings.ts'
import { mergeEntries } from './merge-entries.ts'
import { createRawPrinter } from './raw-printer.ts'
import { openEntryReader, type EntryReader } from './read-entries.ts'
import { shownPath } from './shown-path.ts'

export interface MergeOptions {
  query?: string
  since?: string
  until?: string
  timezone?: string
  follow?: boolean
  recursive?: boolean
  raw?: boolean
  json?: boolean
  utc?: boolean
  color: boolean
}

/** Entries of one file may be out of order by so many; fewer where files are many. */
const widestWindow = 5000
const narrowestWindow = 100
const mostHeld = 100_000
const mostHeldBytes = 256 * 1024 * 1024

const services = openServices({})

/** A stream that gives nothing for so long, all in all, is taken for one that lives: what is there is shown, and it is followed. */
const patienceMs = 1000

export async function merge(words: string[], options: MergeOptions): Promise<void> {
  const calendar = calendarOf(options.timezone)
  const isChosen = chooserOf(options)
  const printAll = printerOf(options)
  const print = (entries: Entry[]): Promise<void> => printAll(entries.filter(isChosen))
  const named = openLogFiles(words, process.cwd(), options.recursive === true)
  const files = named.all()
  for (const path of named.closed()) warn(`${shownPath(path)} may not be read, and is left out`)
  if (files.length === 0 && !options.follow) throw nothingThere(words, options)
  const isStreamed = named.areStreams()
  const signals = options.follow ? watchEndSignals() : undefined
  const beginnings = options.follow ? openKnownBeginnings() : undefined
  const reading = { calendar, patienceMs: options.follow ? patienceMs : Infinity }
  const open = (file: LogFile): Promise<EntryReader> => openEntryReader(file, { ...reading, beginnings })
  const readers = new Map<LogFile, EntryReader>()
  for (const file of files) {
    const reader = await open(file).catch((error: unknown) => missed(file, error))
    if (reader) readers.set(file, reader)
  }
  await printHistory([...readers.values()], options.follow !== true, print)
  tellOddities(readers)
  if (!signals || !beginnings) return
  let isOver = false
  void signals.first.then(() => (isOver = true))
  const list = (): LogFile[] => named.present().filter((file) => !file.isStream)
  const isCopy = async (file: LogFile): Promise<boolean | undefined> =>
    isCopyOfKnown(file, await openEntryReader(file, reading), beginnings)
  await followEntries({ readers, list, open, isCopy, print, isOver: () => isOver, hasFiles: !isStreamed })
  process.exit()
}

const warn = (text: string): undefined => void console.error(`logboom: ${text}`)

/** Files may be rotated away between two looks. */
function missed({ shown }: LogFile, cause: unknown): undefined {
  if (cause instanceof LogboomError) throw cause
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'ENOENT') return warn(`${shown} is gone before it could be read`)
  const hint = 'Name others, or see to it that this one can be read.'
  throw new LogboomError('request-invalid', `${shown} cannot be read: ${message}`, { cause, hint })
}

function nothingThere(words: readonly string[], { recursive }: MergeOptions): Error {
  const places = words.map(shownPath).join(', ')
  return recursive
    ? usageError(`There are no log files in ${places}`, 'Name log files, or directories that have some.')
    : usageError(`There are no log files in ${places}`, 'Name log files; --recursive looks in directories within, too.')
}

function tellOddities(readers: ReadonlyMap<LogFile, EntryReader>): void {
  for (const [{ shown }, reader] of readers) {
    const when = reader.isStream ? 'when they were read' : 'where it was last changed'
    if (reader.isTimeless()) warn(`${shown} says no times; its lines stand ${when}`)
    if (reader.hasParts()) warn(`${shown} has lines longer than ${mostEntryMebibytes} MiB, which come in parts`)
  }
}

async function printHistory(
  readers: readonly EntryReader[],
  isWhole: boolean,
  print: (entries: Entry[]) => Promise<void>,
): Promise<void> {
  const window = Math.min(widestWindow, Math.max(narrowestWindow, Math.floor(mostHeld / (2 * readers.length))))
  const room = { bytesOf: ({ bytes }: Entry): number => bytes, mostBytes: mostHeldBytes / readers.length }
  let latest = -Infinity
  let late = 0
  for await (const entries of mergeEntries(
    readers.map((reader) => sortByTime(pagesOf(reader, isWhole), window, room)),
  )) {
    for (const { time } of entries) {
      if (time < latest) late++
      else latest = time
    }
    await print(entries)
  }
  if (late > 0)
    console.error(`logboom: ${late} entries come late: within their file they are out of order by more than ${window}`)
}

/** `isWhole`: nothing comes behind the end of the file. */
async function* pagesOf(reader: EntryReader, isWhole: boolean): AsyncGenerator<Entry[]> {
  for (let entries; (entries = await reader.read(isWhole));) yield entries
  if (isWhole) yield reader.takeLast()
}

function calendarOf(timezone: string | undefined): Calendar {
  if (timezone === undefined) return localCalendar
  try {
    return openCalendar(timezone)
  } catch {
    throw usageError(`--timezone ${timezone} is no time zone`, 'Known are names like Europe/Berlin, UTC and +02:00.')
  }
}

function chooserOf({ query = '', since, until }: MergeOptions): (entry: Entry) => boolean {
  const range = selectRecords([query], {
    source: [],
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  })
  const matches = compileQuery(parseQuery(query))
  const chooses = ({ time, record }: Entry): boolean => {
    if (time < (range.since ?? -Infinity) || time >= (range.until ?? Infinity)) return false
    if (query.trim() === '') return true
    const { source, kind, severity, message, stream, logger, fields, traceId, spanId } = record
    const extras = Object.fromEntries(
      Object.entries({ logger, fields, traceId, spanId }).filter(([, value]) => value !== undefined),
    )
    const origin = { source, run: 1, session: '', pid: 0 }
    return matches(shapeEntries([{ time, kind, severity, message, stream, extras }], origin, time, 1), 0)
  }
  return (entry) => {
    const isChosen = entry.whole?.isChosen ?? chooses(entry)
    if (entry.whole) entry.whole.isChosen = isChosen
    return isChosen
  }
}

function printerOf(options: MergeOptions): (entries: Entry[]) => Promise<void> {
  if (options.json)
    return (entries) => write(entries.map(({ record }) => `${formatJson(shownRecord(record))}\n`).join(''))
  if (options.raw) return createRawPrinter(write)
  const print = createRecordPrinter(options)
  return (entries) => print(entries.map(({ record }) => record))
}

/** Without what only a hub gives. */
function shownRecord(record: LogRecord): object {
  const { time, source, level, service, severity, kind, logger, message, fields, traceId, spanId } = namedRecord(
    record,
    services,
  )
  return { time, source, level, service, severity, kind, logger, message, fields, traceId, spanId }
}

async function write(text: string | Uint8Array): Promise<void> {
  if (text.length > 0 && !process.stdout.write(text)) await once(process.stdout, 'drain')
}
