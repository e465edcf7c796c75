// A record among those that a follower may leave out: what that is decided by, and its text.
import { messageAt } from '../contracts/batch.ts'
import { kinds, type LogRecord } from '../contracts/record.ts'
import type { RecordPlace } from '../query/read/records-of.ts'

/** The columns by which a record may be left out, and the whole record as the codec's text. */
export interface Row extends Pick<
  LogRecord,
  'id' | 'observed' | 'source' | 'run' | 'kind' | 'severity' | 'message' | 'session'
> {
  pid: number
  /** Only where the codec wants it. */
  logger?: string | undefined
  json: string
}

export function rowOf({ batch, row }: RecordPlace, json: string, wantsLogger = false): Row {
  return {
    id: batch.id[row]!,
    observed: batch.observed[row]!,
    source: batch.source,
    run: batch.run,
    kind: kinds[batch.kind[row]!]!,
    severity: batch.severity[row]!,
    message: messageAt(batch, row),
    session: batch.session,
    pid: batch.pid,
    ...(wantsLogger ? { logger: batch.extras(row)?.logger } : {}),
    json,
  }
}
