// Rows in SQLite, one per record, with the indexes a careful person would make, and FTS5 for words.
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseSeverity } from '../../../src/contracts/record.ts'
import type { GeneratedRecord } from '../generated-record.ts'
import { pageRecords, type QueryName, type Subject } from '../peer.ts'
import { linesOf, readPieces } from '../read-pieces.ts'
import type { Embedded } from './embedded.ts'

const errorSeverity = 17

/**
 * `unicode61` knows whole words; what is inside of words is found by reading every row. `trigram` finds everything of three
 * characters and more, with an index that is larger than the rows.
 */
export function open(directory: string, { needles, from, to }: Subject, tokenizer: string): Embedded {
  const database = new DatabaseSync(path.join(directory, 'log.db'))
  // An acknowledged batch must be on disk, as with the others.
  database.exec(`
    PRAGMA journal_mode = wal; PRAGMA synchronous = full; PRAGMA cache_size = -65536;
    CREATE TABLE IF NOT EXISTS log (
      id INTEGER PRIMARY KEY, time INTEGER, severity INTEGER, source TEXT, logger TEXT, message TEXT, host TEXT,
      pid INTEGER, thread TEXT, request_id TEXT, duration_ms REAL, trace_id TEXT
    );
    CREATE INDEX IF NOT EXISTS by_time ON log (time, severity);
    CREATE INDEX IF NOT EXISTS by_source ON log (source);
    CREATE INDEX IF NOT EXISTS by_severity ON log (severity);
    CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
      message, request_id, trace_id, content = 'log', content_rowid = 'id', tokenize = '${tokenizer}'
    );
  `)
  const expression = new RegExp(needles.regularExpression)
  database.function('regexp', { deterministic: true }, (_pattern, text) => (expression.test(text as string) ? 1 : 0))

  const all = (sql: string, ...values: (string | number)[]): Record<string, unknown>[] =>
    database.prepare(sql).all(...values)
  const found = (word: string, limit = pageRecords): number =>
    all(
      `SELECT log.* FROM words JOIN log ON log.id = words.rowid WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT ${limit}`,
      `"${word}"`,
    ).length
  const rows = (where: string, ...values: (string | number)[]): number =>
    all(`SELECT * FROM log ${where} ORDER BY id DESC LIMIT ${pageRecords}`, ...values).length
  const sum = (counts: Record<string, unknown>[]): number => counts.reduce((total, { n }) => total + Number(n), 0)

  function query(name: QueryName): number {
    switch (name) {
      case 'rare token':
        return found(needles.rareToken)
      case 'rare word':
        return found(needles.rareWord)
      case 'rare word, newest one':
        return found(needles.rareWord, 1)
      case 'substring':
        return tokenizer === 'trigram'
          ? found(needles.substring)
          : rows('WHERE message LIKE ?', `%${needles.substring}%`)
      case 'regular expression':
        return rows('WHERE message REGEXP ?', needles.regularExpression)
      case 'level>=error, last 200':
        return rows('WHERE severity >= ?', errorSeverity)
      case 'one source, last 200':
        return rows('WHERE source = ?', needles.source)
      case 'no filter, last 200':
        return rows('')
      case 'histogram': {
        const bucketMs = Math.ceil((to - from) / 60)
        return sum(
          all('SELECT (time - ?) / ? AS bucket, severity, count(*) AS n FROM log GROUP BY 1, 2', from, bucketMs),
        )
      }
      case 'facets':
        return sum(all('SELECT source, severity, logger, count(*) AS n FROM log GROUP BY 1, 2, 3'))
      case 'count of a common word':
        return sum(all('SELECT count(*) AS n FROM words WHERE words MATCH ?', `"${needles.commonWord}"`))
    }
  }

  return {
    ingest(file) {
      const insert = database.prepare('INSERT INTO log VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      const index = database.prepare('INSERT INTO words (rowid, message, request_id, trace_id) VALUES (?, ?, ?, ?)')
      for (const piece of readPieces(file)) {
        database.exec('BEGIN')
        for (const line of linesOf(piece)) {
          const record = JSON.parse(line) as GeneratedRecord
          const { time, level, source, logger, message, host, pid, thread, duration_ms } = record
          const { request_id = null, trace_id = null } = record
          const severity = parseSeverity(level)!
          const { lastInsertRowid } = insert.run(
            Date.parse(time),
            severity,
            source,
            logger,
            message,
            host,
            pid,
            thread,
            request_id,
            duration_ms,
            trace_id,
          )
          index.run(lastInsertRowid, message, request_id, trace_id)
        }
        database.exec('COMMIT')
      }
    },
    settle: () => database.exec('PRAGMA wal_checkpoint(truncate)'),
    query,
    close: () => database.close(),
  }
}
