// The records around one.
import type { FastifyInstance } from 'fastify'
import type { RecordBatch } from '../../contracts/batch.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { readContext } from '../../query/read/read-context.ts'
import type { Storage } from '../../contracts/storage.ts'
import { recordJson } from '../../wire/record-json.ts'
import type { TakeTurn } from '../bounds/search-turns.ts'
import { serveRoute } from '../serve-route.ts'

export function addContextRoute(app: FastifyInstance, storage: Storage, takeTurn: TakeTurn): void {
  serveRoute(app, 'context', async (asked, reply, { caller: { within } }) => {
    const wanted = { ...asked, within }
    const { search, services } = storage
    const jsonOf = (batch: RecordBatch, row: number): string => recordJson(batch, row, services)
    const context = await readContext(search, jsonOf, wanted, await takeTurn(reply))
    if (context) {
      const { records, more } = context
      return reply
        .type('application/json; charset=utf-8')
        .send(`{"records":[${records.join(',')}],"more":${JSON.stringify(more)}}`)
    }
    throw new LogboomError('not-found', `There is no record ${wanted.id}.`, {
      hint:
        within !== undefined
          ? 'It may have been removed, or is not yours to see.'
          : `Ids go up to ${storage.head()} here; old records may have been removed.`,
    })
  })
}
