// Any number of records as a file. It is written as fast as it is read, and never more than a page of it is in memory.
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { textOfPages } from '../../query/read/text-of-pages.ts'
import { exportFormat, type FormatParts } from '../../wire/export-format.ts'
import type { Requests } from '../../wire/request-shapes.ts'
import { formatFileTime } from '../../time/clock.ts'
import type { ServedHub } from '../hub-interface.ts'
import type { TakeTurn } from '../bounds/search-turns.ts'
import { serveRoute } from '../serve-route.ts'

export function addExportRoute(app: FastifyInstance, { storage, access }: ServedHub, takeTurn: TakeTurn): void {
  const serve = async (
    { request, format, utc }: Requests['export'],
    reply: FastifyReply,
    { caller }: FastifyRequest,
  ): Promise<FastifyReply> => {
    // An export ends with the right to see it.
    reply.raw.once(
      'close',
      access.watch(caller, () => reply.raw.destroy()),
    )
    const parts = exportFormat(format, { services: storage.services, utc })
    const pages = storage.search({ ...request, within: caller.within }, await takeTurn(reply))
    const name = `logboom-${formatFileTime(Date.now()).slice(0, 19).replaceAll(/[-:]/g, '').replace(' ', '-')}`
    return reply
      .type(parts.mediaType)
      .header('content-disposition', `attachment; filename="${name}.${parts.extension}"`)
      .send(Readable.from(bytesOf(parts, textOfPages(pages, request.order, parts.format))))
  }
  serveRoute(app, 'export', serve, { isLong: true })
}

async function* bytesOf({ head }: FormatParts, pieces: ReturnType<typeof textOfPages>): AsyncGenerator<Buffer> {
  if (head) yield Buffer.from(head)
  for await (const { text } of pieces) yield Buffer.from(text)
}
