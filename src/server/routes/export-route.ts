// Any number of records as a file. It is written as fast as it is read, and never more than a page of it is in memory.
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { textOfPages } from '../../query/read/text-of-pages.ts'
import type { Storage } from '../../contracts/storage.ts'
import { exportFormat, type FormatParts } from '../../wire/export-format.ts'
import { formatFileTime } from '../../time/clock.ts'
import { parseExportQuery } from '../request-shapes.ts'
import type { TakeTurn } from '../bounds/search-turns.ts'

export function addExportRoute(app: FastifyInstance, storage: Storage, takeTurn: TakeTurn): void {
  // A HEAD would read the whole log to throw it away.
  app.get('/api/v1/export', { exposeHeadRoute: false }, async (request, reply) => {
    const { request: wanted, format, utc } = parseExportQuery(request.query)
    const parts = exportFormat(format, { utc })
    const pages = storage.search(wanted, await takeTurn(reply))
    const name = `logboom-${formatFileTime(Date.now()).slice(0, 19).replaceAll(/[-:]/g, '').replace(' ', '-')}`
    return reply
      .type(parts.mediaType)
      .header('content-disposition', `attachment; filename="${name}.${parts.extension}"`)
      .send(Readable.from(bytesOf(parts, textOfPages(pages, wanted.order, parts.format))))
  })
}

async function* bytesOf({ head }: FormatParts, pieces: ReturnType<typeof textOfPages>): AsyncGenerator<Buffer> {
  if (head) yield Buffer.from(head)
  for await (const { text } of pieces) yield Buffer.from(text)
}
