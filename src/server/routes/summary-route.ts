// What can be said of many records without giving them: counts over time, facets, templates, fields.
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Summary } from '../../contracts/request.ts'
import type { Storage } from '../../contracts/storage.ts'
import type { AnswerOf } from '../errors.ts'
import { parseSummaryQuery } from '../request-shapes.ts'
import type { TakeTurn } from '../bounds/search-turns.ts'

export interface SummaryOptions {
  storage: Storage
  takeTurn: TakeTurn
  answerOf: AnswerOf
}

export function addSummaryRoute(app: FastifyInstance, { storage, takeTurn, answerOf }: SummaryOptions): void {
  app.get('/api/v1/summary', async (request, reply) => {
    const { request: wanted, progress } = parseSummaryQuery(request.query)
    const summaries = storage.summarize(wanted, await takeTurn(reply))
    if (progress) return reply.type('application/x-ndjson').send(Readable.from(linesOf(summaries, answerOf)))
    let last: Summary | undefined
    for await (const summary of summaries) last = summary
    return last
  })
}

async function* linesOf(summaries: AsyncIterable<Summary>, answerOf: AnswerOf): AsyncGenerator<string> {
  try {
    for await (const summary of summaries) yield `${JSON.stringify(summary)}\n`
  } catch (error) {
    // The answer has begun, so that its status can tell no more.
    yield `${JSON.stringify(answerOf(error).body)}\n`
  }
}
