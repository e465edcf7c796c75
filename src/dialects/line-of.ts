// Records, and news that are none, as lines: what every dialect is made of.
import { recordAt, type RecordBatch } from '../contracts/batch.ts'
import type { Line } from '../contracts/dialect.ts'
import { severities, type Services } from '../contracts/record.ts'
import type { News } from '../live/codec.ts'
import { hubSource } from '../text/source-name.ts'

export interface LineContext {
  services: Services
  /** Of this hub. */
  session: string
}

export function lineOf(batch: RecordBatch, row: number, { services }: LineContext): Line {
  const { id, seq: _seq, observed: _observed, stream: _stream, ...record } = recordAt(batch, row)
  const service = services.nameOf(record.source, record.logger)
  return { ...record, cursor: id, entryId: `${id}`, pid: batch.pid, service }
}

/** A gap or a count of repeats as a line; undefined for news that lines have no words for. */
export function lineOfNews(news: News, { services, session }: LineContext): Line | undefined {
  if (news.type === 'repeats') {
    const { newest, more, of } = news
    const { source, run, kind, severity, pid, logger } = newest
    return {
      entryId: `${of}+${news.count}`,
      time: Date.now(),
      source,
      run,
      kind,
      severity,
      pid,
      session: newest.session,
      ...(logger === undefined ? {} : { logger }),
      message: `[repeats] ${more} more ${more === 1 ? 'time' : 'times'}: ${newest.message}`,
      service: services.nameOf(source, logger),
    }
  }
  if (news.type !== 'gap') return undefined
  const { source = hubSource, last, after, before } = news
  return {
    entryId: `${after}-${before}`,
    time: Date.now(),
    source,
    run: last?.run ?? 0,
    kind: 'gap',
    severity: severities.WARNING,
    pid: last?.pid ?? process.pid,
    session,
    message: gapText(news),
    service: services.nameOf(source),
  }
}

const gapReasons = {
  'slow-client': 'this client did not keep up',
  'rate-limit': 'more came in a second than this stream shows',
  overload: 'the hub was overloaded',
  'new-log': 'the log has begun anew',
} as const

function gapText({ lines, reason }: Extract<News, { type: 'gap' }>): string {
  const amount = lines === 'unknown' ? 'an unknown number of lines' : `${lines} ${lines === 1 ? 'line' : 'lines'}`
  return `${amount} missing: ${gapReasons[reason]}`
}
