// A page of the log as JSON, encoded in slices so that a big answer holds up nobody.
import { setImmediate as breathe } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { eachPlace } from '../../query/read/records-of.ts'
import { isTimeOrder } from '../../contracts/request.ts'
import type { Storage } from '../../contracts/storage.ts'
import { recordJson } from '../../wire/record-json.ts'
import type { SearchQuery } from '../../wire/request-shapes.ts'
import { maxSearchCharacters } from '../bounds/limits.ts'
import type { TakeTurn } from '../bounds/search-turns.ts'
import { serveRoute } from '../serve-route.ts'

const sliceMs = 10

export function addSearchRoute(app: FastifyInstance, storage: Storage, takeTurn: TakeTurn): void {
  serveRoute(app, 'search', async (asked, reply, { caller }) => {
    const search = { ...asked, within: caller.within }
    const answer = await searchAnswer(storage, search, await takeTurn(reply))
    return reply.type('application/json; charset=utf-8').send(answer)
  })
}

async function searchAnswer(storage: Storage, search: SearchQuery, signal: AbortSignal): Promise<Buffer> {
  const { after = 0, before = Infinity, order, limit } = search
  const byTime = isTimeOrder(order)
  // When nothing more is found, everything in the range that was there at the start has been considered.
  let cursor = order === 'newest' ? after + 1 : Math.max(after, Math.min(before - 1, storage.head()))
  const parts: string[] = []
  let characters = 0
  let last: { id: number; time: number } | undefined
  let more = false
  let sliceEnd = performance.now() + sliceMs

  // In the order of time what comes meanwhile could stand anywhere: it is left to who goes on behind the cursor.
  const bounds = byTime ? { before: cursor + 1 } : {}
  search: for await (const page of storage.search({ ...search, ...bounds, limit: limit + 1 }, signal)) {
    for (const { batch, row } of eachPlace(page.batches, order)) {
      if (parts.length === limit || characters > maxSearchCharacters) {
        more = true
        break search
      }
      const json = recordJson(batch, row, storage.services)
      parts.push(json)
      characters += json.length
      last = { id: batch.id[row]!, time: batch.time[row]! }
      if (performance.now() < sliceEnd) continue
      await breathe()
      sliceEnd = performance.now() + sliceMs
    }
  }
  let past = ''
  if (byTime) past = more && last ? `,"past":"${last.time},${last.id}"` : ''
  else if (more) cursor = last?.id ?? (order === 'newest' ? Math.min(before, storage.head() + 1) : after)
  else if (order === 'oldest' && last) cursor = Math.max(cursor, last.id)
  return Buffer.from(`{"records":[${parts.join(',')}],"cursor":${cursor},"more":${more}${past}}`)
}
