// What is read but cannot be committed because the disk is gone: kept in memory within a bound, then dropped oldest
// first, exactly counted.
import type { Origin, RecordBatch } from '../batch.ts'
import type { LogboomError } from '../errors.ts'
import { severities } from '../record.ts'
import type { Entry } from '../source.ts'
import type { CursorValue } from '../store.ts'

export interface Group {
  batches: RecordBatch[]
  cursors: Map<string, CursorValue | null>
  /** Called when the group is committed. */
  waiting: ((error?: unknown) => void)[]
}

export interface Backlog {
  /** Takes a group in; gives what should be committed now, oldest first. Empty while it is too early to try again. */
  add(group: Group): Group[]
  committed(group: Group): void
  failed(error: LogboomError): void
  /** True while something read is not committed. */
  waiting(): boolean
  /** What was dropped since the last time, as records to be committed. */
  takeGaps(): { origin: Origin; entry: Entry }[]
  trouble(): string[]
}

const memoryBytes = 16 * 1024 * 1024
const retryMs = 250

export function openBacklog(options: { now(): number; warn(message: string): void }): Backlog {
  const groups: Group[] = []
  const dropped = new Map<string, { origin: Origin; lines: number; fromSeq: number; toSeq: number }>()
  let failure: { error: LogboomError; since: number } | undefined
  let retryAt = 0

  const bytesOf = (group: Group): number => group.batches.reduce((sum, batch) => sum + batch.text.length, 0)

  /** Drops the oldest groups, counting; their cursors go over to the next, for what they cover is accounted for. */
  function shrink(): void {
    let excess = groups.reduce((sum, group) => sum + bytesOf(group), 0) - memoryBytes
    while (excess > 0 && groups.length > 1) {
      const oldest = groups.shift()!
      excess -= bytesOf(oldest)
      for (const batch of oldest.batches) if (batch.count > 0) countDropped(batch)
      const next = groups[0]!
      next.cursors = new Map([...oldest.cursors, ...next.cursors])
      next.waiting.unshift(...oldest.waiting)
    }
  }

  function countDropped({ source, run, session, pid, count, seq }: RecordBatch): void {
    const key = `${run} ${source}`
    const before = dropped.get(key) ?? { origin: { source, run, session, pid }, lines: 0, fromSeq: seq[0]!, toSeq: 0 }
    dropped.set(key, { ...before, lines: before.lines + count, toSeq: seq[count - 1]! })
  }

  return {
    add(group) {
      if (group.batches.length > 0 || group.cursors.size > 0 || group.waiting.length > 0) groups.push(group)
      if (!failure) return [...groups]
      shrink()
      return options.now() >= retryAt ? [...groups] : []
    },
    committed(group) {
      groups.splice(groups.indexOf(group), 1)
      if (failure && groups.length === 0) {
        options.warn(`The store is written again; ${secondsSince(failure.since)} of it waited in memory`)
        failure = undefined
      }
    },
    failed(error) {
      if (!failure) options.warn(`${error.message}. ${error.hint}`)
      failure ??= { error, since: options.now() }
      retryAt = options.now() + retryMs
    },
    waiting: () => failure !== undefined,
    takeGaps() {
      if (options.now() < retryAt) return []
      const gaps = [...dropped.values()].map(({ origin, lines, fromSeq, toSeq }) => ({
        origin,
        entry: {
          kind: 'gap' as const,
          severity: severities.WARNING,
          message: `${lines} lines missing: the disk was full and memory too`,
          extras: { fields: { cause: 'disk-full', lines, fromSeq, toSeq } },
        },
      }))
      dropped.clear()
      return gaps
    },
    trouble: () => (failure ? [`${failure.error.message} (since ${new Date(failure.since).toISOString()})`] : []),
  }

  function secondsSince(time: number): string {
    return `${Math.round((options.now() - time) / 1000)} s`
  }
}
