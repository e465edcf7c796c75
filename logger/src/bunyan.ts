// bunyan's records in a logger: a raw stream among its others.
import { openIntake, type IntakeOptions } from './adapters/open-intake.ts'
import { readJsonRecord } from './adapters/json-record.ts'

/** The stream's side that bunyan calls, once a record. */
export interface BunyanStream {
  write(record: Readonly<Record<string, unknown>>): void
}

/**
 * A raw stream for bunyan.
 * @example
 * const log = bunyan.createLogger({ name: 'orders', streams: [{ type: 'raw', stream: bunyanStream({ logDir: 'logs' }) }] })
 * log.error({ order: 7 }, 'no stock') // 2025-10-19 05:55:47.606 [4157] [ERROR] no stock order=7
 */
export function bunyanStream(options: IntakeOptions = {}): BunyanStream {
  const take = openIntake(options)
  return { write: (record) => take(readJsonRecord(record, Date.now())) }
}
