// Summaries of many records, without the records: counts over time, facets, templates, fields.
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Summary } from '../../contracts/request.ts'
import type { Storage } from '../../contracts/storage.ts'
import type { AnswerOf } from '../errors.ts'
import type { TakeTurn } from '../bounds/search-turns.ts'
import { serveRoute } from '../serve-route.ts'

export interface SummaryOptions {
  storage: Storage
  takeTurn: TakeTurn
  answerOf: AnswerOf
}

export function addSummaryRoute(app: FastifyInstance, { storage, takeTurn, answerOf }: SummaryOptions): void {
  serveRoute(app, 'summary', async ({ request, progress }, reply, { caller }) => {
    const summaries = storage.summarize({ ...request, within: caller.within }, await takeTurn(reply))
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
