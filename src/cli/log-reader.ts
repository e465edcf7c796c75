// The log of a state directory, from the hub that runs there or, without one, straight from the store's files.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '../client/connect.ts'
import { LogboomError } from '../errors.ts'
import { recordsOf } from '../query/records-of.ts'
import type { SearchRequest } from '../query/request.ts'
import type { LogRecord } from '../record.ts'

export interface LogReader {
  /** Pages in the order asked for, and with each the cursor to go on from. */
  search(request: SearchRequest): AsyncIterable<{ records: LogRecord[]; cursor: number }>
  close(): Promise<void>
}

/** The most that a hub gives at once. */
const pageLimit = 10_000

export function openHubReader(client: Client): LogReader {
  return {
    async *search({ limit = Infinity, order = 'newest', ...request }) {
      const direction = order === 'newest' ? 'before' : 'after'
      let from = request[direction]
      for (let left = limit; left > 0;) {
        const page = await client.search({
          ...request,
          order,
          limit: Math.min(left, pageLimit),
          ...(from === undefined ? {} : { [direction]: from }),
        })
        yield { records: page.records, cursor: page.cursor }
        if (!page.more) return
        left -= page.records.length
        from = page.cursor
      }
    },
    close: () => Promise.resolve(),
  }
}

/** Rejects with `not-running` when nothing was ever stored there. */
export async function openStoreReader(stateDirectory: string): Promise<LogReader> {
  const directory = join(stateDirectory, 'store')
  if (!existsSync(directory)) {
    throw new LogboomError('not-running', `no hub is running in ${stateDirectory}, and none has stored anything there`)
  }
  const { storeTypes } = await import('../stores/index.ts')
  const type = storeTypes.find(({ openReader }) => openReader !== undefined)!
  const warn = (message: string): void => console.error(`logboom: ${message}`)
  const reader = await type.openReader!({ directory, now: Date.now, warn })
  return {
    async *search(request) {
      for await (const { batches, cursor } of reader.search(request)) {
        yield { records: recordsOf(batches, request.order ?? 'newest'), cursor }
      }
    },
    close: () => reader.close(),
  }
}
