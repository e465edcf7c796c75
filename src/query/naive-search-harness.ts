// For tests: which records a request means, as plainly as it can be written.
import type { LogRecord } from '../contracts/record.ts'
import { parseQuery } from './language/parse-query.ts'
import { naiveMatch } from './naive-match-harness.ts'

interface Wanted {
  query?: string
  after?: number
  before?: number
  since?: number
  until?: number
}

export function naiveMatching(
  { query = '', after = 0, before = Infinity, since = -Infinity, until = Infinity }: Wanted,
  now: number,
): (record: LogRecord) => boolean {
  const parsed = parseQuery(query, { now })
  return (record) =>
    record.id > after && record.id < before && record.time >= since && record.time < until && naiveMatch(parsed, record)
}
