// ClickHouse's engine in process: a MergeTree as one would make it for logs, with skip indexes for words and their insides.
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pageRecords, type QueryName, type Subject } from '../peer.ts'
import type { Embedded } from './embedded.ts'

/** The part of chdb's module that is used here. It is not a dependency of ours: it takes half a gigabyte. */
interface Chdb {
  Session: new (directory: string) => { query(sql: string, format?: string): string; close(): void }
}

const errors = "level IN ('ERROR', 'FATAL')"

export function open(directory: string, { needles, from, to }: Subject): Embedded {
  // Unlike import, this also finds it where NODE_PATH says.
  const { Session } = createRequire(import.meta.url)('chdb') as Chdb
  const session = new Session(directory)
  const run = (sql: string, format = 'JSONEachRow'): string => session.query(sql, format)
  run('CREATE DATABASE IF NOT EXISTS bench ENGINE = Atomic')
  run(`
    CREATE TABLE IF NOT EXISTS bench.log (
      time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)), level LowCardinality(String), source LowCardinality(String),
      logger LowCardinality(String), message String CODEC(ZSTD(3)), host LowCardinality(String), pid UInt32 CODEC(ZSTD(1)),
      thread LowCardinality(String), request_id String CODEC(ZSTD(1)), duration_ms Float64 CODEC(ZSTD(1)),
      trace_id String CODEC(ZSTD(1)),
      INDEX words message TYPE tokenbf_v1(32768, 3, 0) GRANULARITY 1,
      INDEX insides message TYPE ngrambf_v1(4, 32768, 3, 0) GRANULARITY 1,
      INDEX requests request_id TYPE bloom_filter(0.001) GRANULARITY 1
    ) ENGINE = MergeTree ORDER BY (source, time)
    SETTINGS fsync_after_insert = 1
  `)
  const quote = (text: string): string => `'${text.replaceAll(/[\\']/g, '\\$&')}'`
  const rows = (where: string, limit = pageRecords): number =>
    run(`SELECT * FROM bench.log ${where} ORDER BY time DESC LIMIT ${limit}`).split('\n').length - 1
  const sum = (sql: string): number =>
    run(sql, 'TSV')
      .trim()
      .split('\n')
      .reduce((total, line) => total + Number(line.split('\t').at(-1)), 0)

  function query(name: QueryName): number {
    switch (name) {
      case 'rare token':
        return rows(`WHERE request_id = ${quote(needles.rareToken)}`)
      case 'rare word':
        return rows(`WHERE hasToken(message, ${quote(needles.rareWord)})`)
      case 'rare word, newest one':
        return rows(`WHERE hasToken(message, ${quote(needles.rareWord)})`, 1)
      case 'substring':
        return rows(`WHERE message LIKE ${quote(`%${needles.substring}%`)}`)
      case 'regular expression':
        return rows(`WHERE match(message, ${quote(needles.regularExpression)})`)
      case 'level>=error, last 200':
        return rows(`WHERE ${errors}`)
      case 'one source, last 200':
        return rows(`WHERE source = ${quote(needles.source)}`)
      case 'no filter, last 200':
        return rows('')
      case 'histogram': {
        const bucketMs = Math.ceil((to - from) / 60)
        return sum(
          `SELECT intDiv(toUnixTimestamp64Milli(time) - ${from}, ${bucketMs}) AS bucket, level, count() FROM bench.log GROUP BY 1, 2`,
        )
      }
      case 'facets':
        return sum('SELECT source, level, logger, count() FROM bench.log GROUP BY 1, 2, 3')
      case 'count of a common word':
        return sum(`SELECT count() FROM bench.log WHERE hasToken(message, ${quote(needles.commonWord)})`)
    }
  }

  return {
    ingest(file) {
      run(
        `INSERT INTO bench.log SELECT * FROM file(${quote(file)}, 'JSONEachRow',
          'time DateTime64(3, \\'UTC\\'), level String, source String, logger String, message String, host String, pid UInt32,
           thread String, request_id String, duration_ms Float64, trace_id String')
         SETTINGS date_time_input_format = 'best_effort'`,
      )
    },
    settle() {
      run('OPTIMIZE TABLE bench.log FINAL')
      // A server removes what was merged away; in process nobody does.
      const unused = run("SELECT path FROM system.parts WHERE database = 'bench' AND NOT active", 'TSV')
      for (const part of unused.split('\n')) if (part !== '') rmSync(part, { recursive: true })
    },
    query,
    close: () => session.close(),
  }
}
