// Everything a hub captures, on the console, coloured by source.
import type { Client } from '../../client/connect.ts'
import { openShownOnce } from './print-unkept.ts'
import { createRecordPrinter } from '../logs/record-printer.ts'

export interface FollowHubOptions {
  /** Only what this session captured, from its beginning. */
  session?: string
  /** Of all lines those that consoles show, as that changes. */
  shown?: boolean
  /** Further conditions, in the query language. */
  query?: string
  lines?: number
}

/** Prints until closed; connection losses are survived without gap. */
export function followHub(
  client: Client,
  { session, shown = false, query, lines = 10_000 }: FollowHubOptions,
): { close(): void } {
  const print = createRecordPrinter({})
  const conditions = [session && `session:"${session}"`, query && `(${query})`]
  const once = openShownOnce()
  let printed = Promise.resolve()
  const show = (records: Parameters<typeof print>[0]): void => void (printed = printed.then(() => print(records)))
  return client.follow(
    { query: conditions.filter(Boolean).join(' '), limit: lines, shown },
    { records: (records) => show(once.records(records)), unkept: (lines) => show(once.unkept(lines)) },
  )
}
