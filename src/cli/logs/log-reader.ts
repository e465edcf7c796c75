// The log of a state directory, from the hub that runs there or, without one, straight from the store's files.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { recordAt } from '../../contracts/batch.ts'
import type { Client } from '../../client/connect.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { readContext } from '../../query/read/read-context.ts'
import { recordsOf } from '../../query/read/records-of.ts'
import {
  isTimeOrder,
  type Context,
  type ContextRequest,
  type ExportFormat,
  type IdOrder,
  type SearchRequest,
  type Summary,
  type SummaryRequest,
  type TimePlace,
} from '../../contracts/request.ts'
import { textOfPages } from '../../query/read/text-of-pages.ts'
import type { LogRecord, NamedRecord, Services } from '../../contracts/record.ts'
import type { StoreReader } from '../../contracts/store.ts'
import { openServices } from '../../text/services.ts'
import { exportFormat } from '../../wire/export-format.ts'
import { namedRecord } from '../../wire/record-json.ts'
import { findState, tryHub } from '../hub/find-hub.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { withStoredJobs } from './resolve-stored-jobs.ts'

export interface ExportRequest extends Omit<SearchRequest, 'past'> {
  order: IdOrder
  format: ExportFormat
  utc: boolean
}

export interface LogReader {
  /** Pages in the order asked for, and with each the cursor to go on from; by time only what a limit bounds. */
  search(request: Omit<SearchRequest, 'past'>): AsyncIterable<{ records: NamedRecord[]; cursor: number }>
  /** `progress` is given what has been counted so far. */
  summarize(request: SummaryRequest, progress: (summary: Summary) => void): Promise<Summary>
  /** Rejects with `not-found` when there is no such record. */
  context(request: ContextRequest): Promise<Context>
  /** Throws when it breaks off. */
  export(request: ExportRequest): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/** The most that a hub gives at once. */
const pageLimit = 10_000

/** Rejects with `not-running` when there is no hub, and nothing was ever stored. */
export async function openLogReader(options: PlaceOptions): Promise<LogReader> {
  const stateDirectory = await findState(options)
  const hub = await tryHub(stateDirectory)
  return hub ? openHubReader(hub.client) : openStoreReader(stateDirectory, await servicesOf(options))
}

export function openHubReader(client: Client): LogReader {
  return {
    async *search({ limit = Infinity, order = 'newest', ...request }) {
      let from = {}
      for (let left = limit; left > 0;) {
        const page = await client.search({ ...request, order, limit: Math.min(left, pageLimit), ...from })
        yield { records: page.records, cursor: page.cursor }
        if (!page.more) return
        left -= page.records.length
        from = page.past ? { past: page.past } : { [order === 'newest' ? 'before' : 'after']: page.cursor }
      }
    },
    summarize: (request, progress) => client.summary(request, { progress }),
    context: (request) => client.context(request),
    async *export(request) {
      const body = await client.export(request)
      try {
        yield* body
      } catch (cause) {
        throw new LogboomError('not-running', 'The hub ended in the middle of the export', { cause })
      }
    },
    close: () => Promise.resolve(),
  }
}

/** Of the configuration here; one that is wrong keeps nobody from reading the log. */
export async function servicesOf(place: PlaceOptions): Promise<Services> {
  const { configOfPlace } = await import('../config-of-place.ts')
  const config = await configOfPlace(place).catch(() => undefined)
  return openServices(config?.serviceNames)
}

/** Rejects with `not-running` when nothing was ever stored there. */
export async function openStoreReader(stateDirectory: string, services: Services = openServices()): Promise<LogReader> {
  const directory = join(stateDirectory, 'store')
  if (!existsSync(directory)) {
    throw new LogboomError('not-running', `no hub is running in ${stateDirectory}, and none has stored anything there`)
  }
  const { storeTypes } = await import('../../stores/index.ts')
  const type = storeTypes.find(({ openReader }) => openReader !== undefined)!
  const warn = (message: string): void => console.error(`logboom: ${message}`)
  const reader = await type.openReader!({ directory, now: Date.now, warn })
  const named = (record: LogRecord): NamedRecord => namedRecord(record, services)
  const resolved = <Request extends { query?: string }>(request: Request): Promise<Request> =>
    withStoredJobs(reader, { ...request, serviceNames: services.names })
  return {
    async *search({ order = 'newest', ...asked }) {
      const request = await resolved(asked)
      const pages = isTimeOrder(order)
        ? pagesByTime(reader, { ...request, order })
        : pagesById(reader, { ...request, order })
      for await (const { records, cursor } of pages) yield { records: records.map(named), cursor }
    },
    async summarize(request, progress) {
      let last: Summary | undefined
      for await (const summary of reader.summarize(await resolved(request))) progress((last = summary))
      return last!
    },
    async context(request) {
      const context = await readContext(reader.search, (batch, row) => named(recordAt(batch, row)), request)
      if (context) return context
      throw new LogboomError('not-found', `There is no record ${request.id}.`, {
        hint: '`logboom logs --ids` prints the ids of records; old ones may have been removed.',
      })
    },
    async *export({ format, utc, ...asked }) {
      const { head, format: formatRecord } = exportFormat(format, { services, utc })
      if (head) yield Buffer.from(head)
      const request = await resolved(asked)
      const pieces = textOfPages(reader.search(request), request.order, formatRecord)
      for await (const { text } of pieces) yield Buffer.from(text)
    },
    close: () => reader.close(),
  }
}

async function* pagesById(
  reader: StoreReader,
  request: SearchRequest & { order: IdOrder },
): AsyncGenerator<{ records: LogRecord[]; cursor: number }> {
  for await (const { batches, cursor } of reader.search(request))
    yield { records: recordsOf(batches, request.order), cursor }
}

/** In pages of a hub's size, too: a store puts no more in order at once. */
async function* pagesByTime(
  reader: StoreReader,
  { limit = Infinity, ...request }: SearchRequest,
): AsyncGenerator<{ records: LogRecord[]; cursor: number }> {
  let past: TimePlace | undefined
  for (let left = limit; left > 0;) {
    const size = Math.min(left, pageLimit)
    const records: LogRecord[] = []
    for await (const { batches } of reader.search({ ...request, limit: size, ...(past ? { past } : {}) }))
      records.push(...recordsOf(batches, request.order!))
    yield { records, cursor: 0 }
    if (records.length < size) return
    left -= size
    past = records.at(-1)!
  }
}
