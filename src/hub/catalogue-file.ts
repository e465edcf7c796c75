// The catalogue on disk: SQLite, whose rows of runs carry a checksum, so that the next hub adopts nothing that is damaged. A damaged
// file is put aside and made anew with what could be read of it. Knows rows and keys; catalogue.ts knows what they are for.
import { closeSync, constants, lstatSync, openSync, readFileSync, renameSync } from 'node:fs'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { LogboomError } from '../contracts/errors.ts'
import { asideName, makePrivate } from '../system/new-file.ts'
import type { RunRow } from '../contracts/source.ts'

/** A life of the hub. */
export interface SessionRow {
  id: string
  startedAt: number
  /** Null for the one that goes on, and for those that nobody saw ending. */
  endedAt: number | null
}

export interface CatalogueContent {
  runs: RunRow[]
  kept: Map<string, unknown>
}

export interface CatalogueFile {
  hasSession(id: string): boolean
  saveSession(id: string, startedAt: number, endedAt: number | null): void
  /** Newest first. */
  sessions(): SessionRow[]
  saveRun(row: RunRow): void
  findRun(source: string, run: number): RunRow | undefined
  /** Sources that have runs. */
  sources(): string[]
  /** The newest runs of a source with smaller numbers; empty where there is none. */
  runsBelow(source: string, run: number, limit: number): RunRow[]
  /** Removes runs that are over, up to this one. */
  dropRuns(source: string, run: number): void
  /** Undefined forgets. */
  keep(key: string, value: unknown): void
  /** Sees to it that there are free pages, for when the disk is full. */
  makeRoom(): void
  /** False when the file was moved or removed. */
  isThere(): boolean
  close(): void
}

/** A few, so that it starts again at its beginning before it grows. */
const checkpointPages = 32
const freePages = 64
const busyMs = 1000
const walHeaderBytes = 32
/** The last bit says in which order its checksums are. */
const walMagic = 0x377f0683
const parts = ['', '-wal', '-shm', '-journal']

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, started_at REAL NOT NULL, ended_at REAL) STRICT;
  CREATE TABLE IF NOT EXISTS runs (
    source TEXT NOT NULL, run INTEGER NOT NULL, session TEXT NOT NULL, started_at REAL NOT NULL, ended_at REAL,
    details TEXT NOT NULL, crc INTEGER, PRIMARY KEY (source, run)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
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

/** SQLite's codes for a file that others hold, and for a disk that is full: they pass. */
const busyCodes = [5, 6]
const full = 13
/** For a disk that is read-only, fails, or cannot be opened any more; of a file that is only being opened they may mean damage. */
const diskCodes = [8, 10, 14]

/** To be tried again later. */
export const passes = (error: unknown): boolean => [...busyCodes, full, ...diskCodes].includes(codeOf(error))

/** SQLite finds anything else than a passing trouble: the file is not as it was written. */
export const isDamage = (error: unknown): boolean => codeOf(error) > 0 && !passes(error)

const codeOf = (error: unknown): number => Number((error as { errcode?: number }).errcode ?? 0) & 0xff

/** Whether there is one is not asked: it is made. `warn` is told what was damaged. */
export function openCatalogueFile(
  path: string,
  warn: (message: string) => void,
): { file: CatalogueFile; content: CatalogueContent; isNew: boolean } {
  let read: Opened | undefined
  let reason = 'some of it cannot be read'
  try {
    prepareFile(path)
    const wal = `${path}-wal`
    if (isNoWriteAheadLog(wal)) {
      const aside = asideName(wal)
      renameSync(wal, aside)
      warn(
        `${wal} was damaged; what was written last is taken from what is known otherwise, and it is kept as ${aside}`,
      )
    }
    read = open(path)
    if (read.isWhole) return { file: fileOf(path, read.database), content: read.content, isNew: false }
    read.database.close()
  } catch (error) {
    if ([...busyCodes, full].includes(codeOf(error))) throw error
    reason = (error as Error).message
  }
  const file = renewCatalogueFile(path, (aside) =>
    warn(
      `${path} was damaged (${reason}); it is made anew from what is known otherwise, and what it was is kept as ${aside}`,
    ),
  )
  return { file, content: read?.content ?? { runs: [], kept: new Map() }, isNew: true }
}

/** Puts away what is there and begins anew. */
export function renewCatalogueFile(path: string, tell: (aside: string) => void): CatalogueFile {
  try {
    const aside = asideName(path)
    for (const part of parts)
      if (lstatSync(path + part, { throwIfNoEntry: false })) renameSync(path + part, aside + part)
    prepareFile(path)
    const { database } = open(path)
    tell(aside)
    return fileOf(path, database)
  } catch (cause) {
    throw new LogboomError('state-unusable', `${path}: ${(cause as Error).message}`, { cause })
  }
}

/** SQLite would make it as everybody's to read as the umask lets it, and its companions are made like it. */
function prepareFile(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  parts.forEach((part) => makePrivate(path + part))
  if (stat && !stat.isFile()) throw new Error('it is no file')
  if (!stat) closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600))
}

/** SQLite would pass over one that was damaged, and with it over what was written last. */
function isNoWriteAheadLog(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (!stat || stat.size === 0) return false
  if (!stat.isFile() || stat.size < walHeaderBytes) return true
  return (readFileSync(path).readUInt32BE(0) | 1) !== walMagic
}

interface Opened {
  database: DatabaseSync
  content: CatalogueContent
  isWhole: boolean
}

function open(path: string): Opened {
  const database = new DatabaseSync(path, { timeout: busyMs })
  try {
    database.exec(schema)
    if (
      !database
        .prepare('PRAGMA table_info(runs)')
        .all()
        .some(({ name }) => name === 'crc')
    )
      database.exec('ALTER TABLE runs ADD COLUMN crc INTEGER')
    return { database, ...read(database) }
  } catch (error) {
    database.close()
    throw error
  }
}

function read(database: DatabaseSync): Omit<Opened, 'database'> {
  const runs: RunRow[] = []
  const kept = new Map<string, unknown>()
  let isWhole = database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'] === 'ok'
  const each = (table: string, take: (row: Record<string, SQLOutputValue>) => void): void => {
    try {
      for (const row of database.prepare(`SELECT * FROM ${table}`).iterate()) {
        if (typeof row['crc'] !== 'number' || row['crc'] === checkOf(row)) take(row)
        else isWhole = false
      }
    } catch {
      isWhole = false
    }
  }
  each('runs', (row) => runs.push(toRun(row)))
  each('kept', ({ key, value }) => kept.set(key as string, JSON.parse(value as string)))
  return { content: { runs, kept }, isWhole }
}

/** Of all columns before it. */
const checkOf = (row: Record<string, SQLOutputValue>): number => crc32(JSON.stringify(Object.values(row).slice(0, -1)))

function fileOf(path: string, database: DatabaseSync): CatalogueFile {
  const findSession = database.prepare('SELECT 1 FROM sessions WHERE id = ?')
  const saveSession = database.prepare('INSERT OR REPLACE INTO sessions (id, started_at, ended_at) VALUES (?, ?, ?)')
  const saveRun = database.prepare(
    `INSERT OR REPLACE INTO runs (source, run, session, started_at, ended_at, details, crc) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const allSessions = database.prepare('SELECT id, started_at, ended_at FROM sessions ORDER BY started_at DESC')
  const findRun = database.prepare('SELECT * FROM runs WHERE source = ? AND run = ?')
  const nextSource = database.prepare('SELECT source FROM runs WHERE source > ? ORDER BY source LIMIT 1')
  const runsBelow = database.prepare('SELECT * FROM runs WHERE source = ? AND run < ? ORDER BY run DESC LIMIT ?')
  const dropRuns = database.prepare('DELETE FROM runs WHERE source = ? AND run <= ? AND ended_at IS NOT NULL')
  const saveKept = database.prepare('INSERT OR REPLACE INTO kept (key, value) VALUES (?, ?)')
  const dropKept = database.prepare('DELETE FROM kept WHERE key = ?')
  const freelist = database.prepare('PRAGMA freelist_count')
  const { ino } = lstatSync(path)
  return {
    hasSession: (id) => findSession.get(id) !== undefined,
    saveSession: (id, startedAt, endedAt) => void saveSession.run(id, startedAt, endedAt),
    saveRun({ source, run, session, startedAt, endedAt, details }) {
      const values = [source, run, session, startedAt, endedAt, JSON.stringify(details)]
      saveRun.run(...values, crc32(JSON.stringify(values)))
    },
    sessions: () =>
      allSessions.all().map((row) => ({
        id: row['id'] as string,
        startedAt: row['started_at'] as number,
        endedAt: row['ended_at'] as number | null,
      })),
    findRun(source, run) {
      const row = findRun.get(source, run)
      return row && row['crc'] === checkOf(row) ? toRun(row) : undefined
    },
    sources() {
      const sources: string[] = []
      // A step by the key for each source, instead of a walk through all runs.
      for (let row = nextSource.get(''); row; row = nextSource.get(sources.at(-1)!))
        sources.push(row['source'] as string)
      return sources
    },
    runsBelow(source, run, limit) {
      for (let below = run; ;) {
        const rows = runsBelow.all(source, below, limit)
        const whole = rows.filter((row) => row['crc'] === checkOf(row))
        if (whole.length > 0 || rows.length === 0) return whole.map(toRun)
        below = rows.at(-1)!['run'] as number
      }
    },
    dropRuns: (source, run) => void dropRuns.run(source, run),
    keep(key, value) {
      if (value === undefined) dropKept.run(key)
      else saveKept.run(key, JSON.stringify(value))
    },
    makeRoom() {
      if (Number(freelist.get()!['freelist_count']) >= freePages) return
      try {
        database.exec(makeFreePages)
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
    },
    isThere: () => lstatSync(path, { throwIfNoEntry: false })?.ino === ino,
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
