// What the hub knows besides records: sessions and runs, in SQLite. Loss of it loses no line.
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import type { RunLog, RunRow } from './source.ts'

export interface Catalogue {
  /** Names and stores a new session, `<prefix>-20250608-142530`, suffixed when two share a second. */
  beginSession(prefix: string, startedAt: number): string
  endSession(id: string, endedAt: number): void
  runs(source: string, session: string, now: () => number): RunLog
  /** Sources with runs that no hub has marked as over. */
  unendedSources(): string[]
  close(): void
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, started_at REAL NOT NULL, ended_at REAL) STRICT;
  CREATE TABLE IF NOT EXISTS runs (
    source TEXT NOT NULL, run INTEGER NOT NULL, session TEXT NOT NULL, started_at REAL NOT NULL, ended_at REAL,
    details TEXT NOT NULL, PRIMARY KEY (source, run)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS runs_open ON runs (source) WHERE ended_at IS NULL;
`

export function openCatalogue(path: string): Catalogue {
  const database = new DatabaseSync(path)
  database.exec(schema)
  const insertSession = database.prepare('INSERT OR IGNORE INTO sessions (id, started_at) VALUES (?, ?)')
  const endSession = database.prepare('UPDATE sessions SET ended_at = ? WHERE id = ?')
  const insertRun = database.prepare(
    `INSERT INTO runs (source, run, session, started_at, details)
     SELECT ?1, coalesce(max(run), 0) + 1, ?2, ?3, ?4 FROM runs WHERE source = ?1 RETURNING *`,
  )
  const updateRun = database.prepare('UPDATE runs SET details = ? WHERE source = ? AND run = ?')
  const endRun = database.prepare('UPDATE runs SET ended_at = ?, details = ? WHERE source = ? AND run = ?')
  const openRuns = database.prepare('SELECT * FROM runs WHERE source = ? AND ended_at IS NULL ORDER BY run')
  const unended = database.prepare('SELECT DISTINCT source FROM runs WHERE ended_at IS NULL ORDER BY source')
  const lastRun = database.prepare('SELECT * FROM runs WHERE source = ? ORDER BY run DESC LIMIT 1')

  return {
    beginSession(prefix, startedAt) {
      const base = `${prefix}-${localStamp(startedAt)}`
      for (let n = 1; ; n++) {
        const id = n === 1 ? base : `${base}-${n}`
        if (insertSession.run(id, startedAt).changes === 1) return id
      }
    },
    endSession(id, endedAt) {
      endSession.run(endedAt, id)
    },
    runs: (source, session, now) => ({
      begin: (details) => toRun(insertRun.get(source, session, now(), JSON.stringify(details))!),
      update: (run, details) => void updateRun.run(JSON.stringify(details), source, run),
      end: (run, endedAt, details) => void endRun.run(endedAt, JSON.stringify(details), source, run),
      open: () => openRuns.all(source).map(toRun),
      last() {
        const row = lastRun.get(source)
        return row && toRun(row)
      },
    }),
    unendedSources: () => unended.all().map((row) => row.source as string),
    close: () => database.close(),
  }
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
