// What the hub knows besides records: sessions, runs and what else the next hub shall know, in SQLite. Loss of it loses no line. It keeps free pages of its
// own, so that a full disk does not keep processes from being started and noted; what a disk does not take all the same
// is held in memory until it does.
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import type { RunLog, RunRow } from './source.ts'

export interface Catalogue {
  /** Names and stores a new session, `<prefix>-20250608-142530`, suffixed when two share a second. */
  beginSession(prefix: string, startedAt: number): string
  endSession(id: string, endedAt: number): void
  runs(source: string, session: string, now: () => number): RunLog
  /** Sources with runs that no hub has marked as over. */
  unendedSources(): string[]
  /** Small things that the next hub shall know, as JSON; undefined forgets. */
  keep(key: string, value: unknown): void
  kept(key: string): unknown
  /** Writes what could not be written before, and sees to the free pages; to be called now and then. */
  tend(): void
  close(): void
}

/** A few, so that it starts again at its beginning before it grows. */
const checkpointPages = 32
const freePages = 64
/** Of runs that are over only the last is asked for; so many of a source may pile up. */
const mostOldRuns = 100

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, started_at REAL NOT NULL, ended_at REAL) STRICT;
  CREATE TABLE IF NOT EXISTS runs (
    source TEXT NOT NULL, run INTEGER NOT NULL, session TEXT NOT NULL, started_at REAL NOT NULL, ended_at REAL,
    details TEXT NOT NULL, PRIMARY KEY (source, run)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS runs_open ON runs (source) WHERE ended_at IS NULL;
  PRAGMA wal_autocheckpoint = ${checkpointPages};
`

/** Makes free pages in the file, and the write-ahead log as long as it will ever be: both are used again in place. */
const makeFreePages = `
  BEGIN;
  CREATE TABLE room (bytes BLOB) STRICT;
  INSERT INTO room VALUES (zeroblob(${freePages * 2 * 4096}));
  DROP TABLE room;
  COMMIT;
`

/** SQLite's codes for a disk that is read-only, fails, is full, or cannot be opened any more. */
const diskCodes = [8, 10, 13, 14]

export function openCatalogue(path: string): Catalogue {
  const database = new DatabaseSync(path)
  database.exec(schema)
  const findSession = database.prepare('SELECT 1 FROM sessions WHERE id = ?')
  const saveSession = database.prepare(
    `INSERT INTO sessions (id, started_at, ended_at) VALUES (?1, ?2, ?3)
     ON CONFLICT DO UPDATE SET ended_at = excluded.ended_at`,
  )
  const saveRun = database.prepare(
    `INSERT INTO runs (source, run, session, started_at, ended_at, details) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT DO UPDATE SET ended_at = excluded.ended_at, details = excluded.details`,
  )
  const findRun = database.prepare('SELECT * FROM runs WHERE source = ? AND run = ?')
  const openRuns = database.prepare('SELECT * FROM runs WHERE source = ? AND ended_at IS NULL ORDER BY run')
  const unended = database.prepare('SELECT DISTINCT source FROM runs WHERE ended_at IS NULL ORDER BY source')
  const dropRuns = database.prepare('DELETE FROM runs WHERE source = ? AND run <= ? AND ended_at IS NOT NULL')
  const lastRun = database.prepare('SELECT * FROM runs WHERE source = ? ORDER BY run DESC LIMIT 1')
  const saveKept = database.prepare('INSERT OR REPLACE INTO kept (key, value) VALUES (?, ?)')
  const dropKept = database.prepare('DELETE FROM kept WHERE key = ?')
  const allKept = database.prepare('SELECT key, value FROM kept')
  const freelist = database.prepare('PRAGMA freelist_count')
  const sessionStarts = new Map<string, number>()
  const kept = new Map<string, unknown>()
  for (const { key, value } of allKept.all()) kept.set(key as string, JSON.parse(value as string))
  /** By what they write; newer ones take the place of older ones. */
  const unwritten = new Map<string, { row?: RunRow; write(): void }>()

  function flush(): void {
    for (const [key, { write }] of unwritten) {
      try {
        write()
      } catch (error) {
        return unlessDisk(error)
      }
      unwritten.delete(key)
    }
  }

  function tend(): void {
    flush()
    if (Number(freelist.get()!['freelist_count']) >= freePages) return
    try {
      database.exec(makeFreePages)
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      unlessDisk(error)
    }
  }

  function keepSession(id: string, endedAt: number | null): void {
    unwritten.set(id, { write: () => void saveSession.run(id, sessionStarts.get(id)!, endedAt) })
    flush()
  }

  const keyOf = (source: string, run: number): string => `${run} ${source}`

  function keepRun(row: RunRow): RunRow {
    const { source, run, session, startedAt, endedAt, details } = row
    const write = (): void => void saveRun.run(source, run, session, startedAt, endedAt, JSON.stringify(details))
    unwritten.set(keyOf(source, run), { row, write })
    flush()
    return row
  }

  function runOf(source: string, run: number): RunRow {
    return unwritten.get(keyOf(source, run))?.row ?? toRun(findRun.get(source, run)!)
  }

  /** A job that runs every minute has half a million a year. */
  function dropOldRuns(source: string, newest: number): void {
    if (newest % mostOldRuns !== 0) return
    unwritten.set(`old runs of ${source}`, { write: () => void dropRuns.run(source, newest - mostOldRuns) })
    flush()
  }

  /** These rows as they would be if all had been written, by number. */
  function upToDate(source: string, written: RunRow[]): RunRow[] {
    const rows = new Map(written.map((row) => [row.run, row]))
    for (const { row } of unwritten.values()) if (row?.source === source) rows.set(row.run, row)
    return [...rows.values()].sort((a, b) => a.run - b.run)
  }

  tend()
  return {
    beginSession(prefix, startedAt) {
      const base = `${prefix}-${localStamp(startedAt)}`
      let id = base
      for (let n = 2; findSession.get(id); n++) id = `${base}-${n}`
      sessionStarts.set(id, startedAt)
      keepSession(id, null)
      return id
    },
    endSession: keepSession,
    runs(source, session, now) {
      const last = (): RunRow | undefined => upToDate(source, lastRun.all(source).map(toRun)).at(-1)
      return {
        begin(details) {
          const run = (last()?.run ?? 0) + 1
          dropOldRuns(source, run)
          return keepRun({ source, run, session, startedAt: now(), endedAt: null, details })
        },
        update: (run, details) => void keepRun({ ...runOf(source, run), details }),
        end: (run, endedAt, details) => void keepRun({ ...runOf(source, run), endedAt, details }),
        open: () => upToDate(source, openRuns.all(source).map(toRun)).filter(({ endedAt }) => endedAt === null),
        last,
      }
    },
    unendedSources: () => unended.all().map((row) => row.source as string),
    keep(key, value) {
      if (value === undefined) kept.delete(key)
      else kept.set(key, value)
      const text = JSON.stringify(value)
      unwritten.set(`kept ${key}`, {
        write: () => void (value === undefined ? dropKept.run(key) : saveKept.run(key, text)),
      })
      flush()
    },
    kept: (key) => kept.get(key),
    tend,
    close() {
      flush()
      database.close()
    },
  }
}

/** Trouble with the disk is told by the storage, and passes. */
function unlessDisk(error: unknown): void {
  if (!diskCodes.includes(Number((error as { errcode?: number }).errcode) & 0xff)) throw error
}

function toRun(row: Record<string, SQLOutputValue>): RunRow {
  return {
    source: row.source as string,
    run: row.run as number,
    session: row.session as string,
    startedAt: row.started_at as number,
    endedAt: row.ended_at as number | null,
    details: JSON.parse(row.details as string) as Record<string, unknown>,
  }
}

/** `20250608-142530`, local time. */
function localStamp(unixMs: number): string {
  const date = new Date(unixMs)
  const two = (n: number): string => String(n).padStart(2, '0')
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`
}
