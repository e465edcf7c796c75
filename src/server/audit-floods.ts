// The audit log's share of what may come in floods: refusals, failures, reports of jobs. Of each kind and caller the first of a minute
// stand there in full, and the others as one line with their count.
import { LogboomError, type ErrorCode } from '../contracts/errors.ts'
import type { AuditEntry } from './hub-interface.ts'

export interface AuditFloods {
  tell(entry: AuditEntry): void
  /** A request or message that was answered by 403. */
  refused(who: string, metadata: { route: string; peer: string | undefined }): void
  /** Tells what was only counted so far. */
  close(): void
}

const windowMs = 60_000
const inFull = { refusals: 1, failures: 20, others: 60 }
const refusals: ReadonlySet<ErrorCode> = new Set(['not-allowed', 'job-owned', 'forbidden'])

function countInFull({ error }: AuditEntry): number {
  if (error === undefined) return inFull.others
  return error instanceof LogboomError && refusals.has(error.code) ? inFull.refusals : inFull.failures
}

interface Flood {
  count: number
  last: AuditEntry
  timer: NodeJS.Timeout
}

export function openAuditFloods(audit: (entry: AuditEntry) => void): AuditFloods {
  const floods = new Map<string, Flood>()

  function tell(entry: AuditEntry): void {
    const most = countInFull(entry)
    const key = JSON.stringify([entry.who, entry.action, most])
    const flood = floods.get(key) ?? { count: 0, last: entry, timer: setTimeout(() => end(key), windowMs).unref() }
    floods.set(key, flood)
    flood.last = entry
    if (++flood.count <= most) audit(entry)
  }

  function end(key: string): void {
    const { count, last, timer } = floods.get(key)!
    clearTimeout(timer)
    floods.delete(key)
    const counted = count - countInFull(last)
    if (counted > 0) audit({ ...last, metadata: { last: last.metadata, counted, withinMs: windowMs } })
  }

  return {
    tell,
    refused(who, metadata) {
      const error = new LogboomError('not-allowed', `${metadata.route} is not allowed`)
      tell({ who, action: 'request', metadata, error })
    },
    close() {
      for (const key of floods.keys()) end(key)
    },
  }
}
