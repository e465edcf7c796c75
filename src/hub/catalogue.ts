// The hub's knowledge besides records: sessions, runs and what else the next hub shall know, held in memory and written behind
// each change, so that neither a full disk nor a damaged file keeps anybody from going on. Loss of it loses no line.
import { openCatalogueFile, type SessionRow } from './catalogue-file.ts'
import { openCatalogueWriter, type CatalogueWriter } from './catalogue-writer.ts'
import { eachPastRun, pastSessions, type PastRunsOptions, type TakeRun } from './past-runs.ts'
import { formatFileTime } from '../time/clock.ts'
import type { RunLog, RunRow } from '../contracts/source.ts'

export interface Catalogue {
  /** Names and stores a new session, `<prefix>-20250608-142530`, suffixed when two share a second. */
  beginSession(prefix: string, startedAt: number): string
  endSession(id: string, endedAt: number): void
  runs(source: string, session: string, now: () => number): RunLog
  /** Newest first, as long as `take` gives true. */
  eachRun(which: PastRunsOptions, take: TakeRun): void
  /** Newest first. */
  sessions(): SessionRow[]
  /** Sources of this host with runs that no hub has marked as over. */
  unendedSources(): string[]
  /** Whether a run is not over; undefined when nothing is known of it. */
  knows(source: string, run: number): boolean | undefined
  /** Takes up a run that was lost here. */
  recall(row: RunRow): void
  /** The store has records of runs up to these: no number is given again. */
  atLeast(lastRuns: Readonly<Record<string, number>>): void
  /** Small things that the next hub shall know, as JSON; undefined forgets. */
  keep(key: string, value: unknown): void
  kept(key: string): unknown
  /** Writes what could not be written before, and sees to the free pages; to be called now and then. */
  tend(): void
  close(): void
}

/** Runs of a source that are over and stay listed. */
const mostOldRuns = 1000
/** Runs after which the older ones are dropped. */
const dropEvery = 100

interface SourceRuns {
  /** Runs that are not over, and the last; by number. */
  rows: Map<number, RunRow>
  last: number
}

/** Makes what is not there. A damaged file is kept under another name, which `warn` is told. */
export function openCatalogue(path: string, warn: (message: string) => void = () => {}): Catalogue {
  const opened = openCatalogueFile(path, warn)
  const writer = openCatalogueWriter(path, opened.file, writeAll, warn)
  const { queue, flush } = writer
  const { kept } = opened.content
  const sessions = new Map<string, { startedAt: number; endedAt: number | null }>()
  const sources = new Map<string, SourceRuns>()
  const floors = new Map<string, number>()

  function writeAll(): void {
    for (const { rows } of sources.values()) for (const row of rows.values()) write(row)
    for (const key of kept.keys()) writeKept(key)
    for (const id of sessions.keys()) writeSession(id)
  }

  const write = (row: RunRow): void => queue(`${row.run} ${row.source}`, (file) => file.saveRun(row))
  const writeKept = (key: string): void => queue(`kept ${key}`, (file) => file.keep(key, kept.get(key)))
  const writeSession = (id: string): void => {
    const { startedAt, endedAt } = sessions.get(id)!
    queue(`session ${id}`, (file) => file.saveSession(id, startedAt, endedAt))
  }

  const runsOf = (source: string): SourceRuns => {
    const known = sources.get(source) ?? { rows: new Map<number, RunRow>(), last: 0 }
    sources.set(source, known)
    return known
  }

  function keepRun(row: RunRow): RunRow {
    remember(runsOf(row.source), row)
    write(row)
    flush()
    return row
  }

  for (const row of opened.content.runs) remember(runsOf(row.source), row)
  if (opened.isNew) writeAll()
  writer.tend()

  return {
    beginSession(prefix, startedAt) {
      const base = `${prefix}-${localStamp(startedAt)}`
      let id = base
      for (let n = 2; writer.hasSession(id); n++) id = `${base}-${n}`
      sessions.set(id, { startedAt, endedAt: null })
      writeSession(id)
      flush()
      return id
    },
    endSession(id, endedAt) {
      sessions.get(id)!.endedAt = endedAt
      writeSession(id)
      flush()
    },
    runs: (source, session, now) =>
      openRunLog({ source, session, now, own: runsOf(source), floor: () => floors.get(source) ?? 0, keepRun, writer }),
    eachRun: (which, take) =>
      eachPastRun(
        writer,
        [...sources.values()].flatMap(({ rows }) => [...rows.values()]),
        which,
        take,
      ),
    sessions: () => pastSessions(writer, sessions),
    unendedSources: () =>
      [...sources].flatMap(([source, { rows }]) => ([...rows.values()].some(isOpenHere) ? source : [])).sort(),
    knows(source, run) {
      const own = sources.get(source)
      const row = own?.rows.get(run)
      if (row) return isOpen(row)
      return own && run < own.last ? false : undefined
    },
    recall: keepRun,
    atLeast(lastRuns) {
      for (const [source, run] of Object.entries(lastRuns)) floors.set(source, run)
    },
    keep(key, value) {
      if (value === undefined) kept.delete(key)
      else kept.set(key, structuredClone(value))
      writeKept(key)
      flush()
    },
    kept: (key) => kept.get(key),
    tend: writer.tend,
    close: writer.close,
  }
}

interface RunLogOptions {
  source: string
  session: string
  now(): number
  own: SourceRuns
  /** The store has records of runs up to this. */
  floor(): number
  keepRun(row: RunRow): RunRow
  writer: CatalogueWriter
}

function openRunLog({ source, session, now, own, floor, keepRun, writer }: RunLogOptions): RunLog {
  const begin = (run: number, details: RunRow['details']): RunRow => {
    // A job that runs every minute has half a million runs a year.
    if (run % dropEvery === 0) writer.queue(`old runs of ${source}`, (file) => file.dropRuns(source, run - mostOldRuns))
    return keepRun({ source, run, session, startedAt: now(), endedAt: null, details })
  }
  const next = (): number => Math.max(own.last, floor()) + 1
  const change = (run: number, changes: Partial<RunRow>): void => {
    let row = own.rows.get(run)
    // A job may be told of when it is long over.
    if (!row) writer.read((file) => (row = file.findRun(source, run)))
    if (row) keepRun({ ...row, ...changes })
  }
  return {
    begin: (details) => begin(next(), details),
    resume: (details) => begin(own.last > 0 ? next() : Math.max(1, floor()), details),
    update: (run, details) => change(run, { details }),
    end: (run, endedAt, details) => change(run, { endedAt, details }),
    open: () => [...own.rows.values()].filter(isOpen).sort((a, b) => a.run - b.run),
    last: () => own.rows.get(own.last),
  }
}

/** Keeps only what may be asked for. */
function remember(own: SourceRuns, row: RunRow): void {
  const before = own.rows.get(own.last)
  if (row.run > own.last) {
    own.last = row.run
    if (before && before.endedAt !== null) own.rows.delete(before.run)
  }
  if (row.run === own.last || row.endedAt === null) own.rows.set(row.run, row)
  else own.rows.delete(row.run)
}

const isOpen = ({ endedAt }: RunRow): boolean => endedAt === null

/** Runs of other hosts name theirs: hub/hosts/remote-runs.ts. */
const isOpenHere = (row: RunRow): boolean => isOpen(row) && row.details['host'] === undefined

/** `20250608-142530`, local time. */
function localStamp(unixMs: number): string {
  return formatFileTime(unixMs).slice(0, 19).replaceAll(/[-:]/g, '').replace(' ', '-')
}
