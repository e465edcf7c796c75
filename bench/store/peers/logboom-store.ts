// Logboom's store by itself, without hub, wire and stages: what the format can do.
import path from 'node:path'
import type { GeneratedRecord } from '../generated-record.ts'
import { shapeEntries } from '../../../src/shape/shape-entries.ts'
import { parseSeverity } from '../../../src/contracts/record.ts'
import type { SearchRequest, SummaryRequest, Summary } from '../../../src/contracts/request.ts'
import { localStore } from '../../../src/stores/local/local-store.ts'
import { pageRecords, type QueryName, type Subject } from '../peer.ts'
import { linesOf, readPieces } from '../read-pieces.ts'
import type { Embedded } from './embedded.ts'

export async function open(directory: string, { needles, from, to }: Subject): Promise<Embedded> {
  const store = await localStore.open({
    directory: path.join(directory, 'store'),
    now: Date.now,
    warn: (message) => console.error(message),
  })
  const sequences = new Map<string, number>()

  async function search(request: SearchRequest): Promise<number> {
    let found = 0
    for await (const { batches } of store.search({ limit: pageRecords, ...request }))
      for (const { count } of batches) found += count
    return found
  }

  async function summarize(request: SummaryRequest): Promise<Summary> {
    let last: Summary | undefined
    for await (const summary of store.summarize(request)) last = summary
    return last!
  }

  async function query(name: QueryName): Promise<number> {
    switch (name) {
      case 'rare token':
        return search({ query: needles.rareToken })
      case 'rare word':
        return search({ query: needles.rareWord })
      case 'rare word, newest one':
        return search({ query: needles.rareWord, limit: 1 })
      case 'substring':
        return search({ query: needles.substring })
      case 'regular expression':
        return search({ query: `/${needles.regularExpression}/` })
      case 'level>=error, last 200':
        return search({ query: 'level>=error' })
      case 'one source, last 200':
        return search({ query: `source:${needles.source}` })
      case 'no filter, last 200':
        return search({})
      case 'histogram': {
        const bucketMs = Math.ceil((to - from) / 60)
        const { histogram } = await summarize({ histogram: { from, to, bucketMs } })
        return Object.values(histogram!.counts)
          .flat()
          .reduce((sum, count) => sum + count, 0)
      }
      case 'facets': {
        const { facets } = await summarize({ facets: ['source', 'level', 'logger'] })
        return facets![0]!.top.reduce((sum, { count }) => sum + count, facets![0]!.other)
      }
      case 'count of a common word':
        return (await summarize({ query: needles.commonWord })).count
    }
  }

  return {
    async ingest(file) {
      for (const piece of readPieces(file)) {
        const records = linesOf(piece).map((line) => JSON.parse(line) as GeneratedRecord)
        const observed = Date.now()
        const batches = [...Map.groupBy(records, ({ source }) => source)].map(([source, ofSource]) => {
          const sequence = sequences.get(source) ?? 0
          sequences.set(source, sequence + ofSource.length)
          const entries = ofSource.map(
            ({ time, level, logger, message, trace_id: traceId, host, pid, thread, request_id, duration_ms }) => ({
              message,
              time: Date.parse(time),
              severity: parseSeverity(level)!,
              extras: {
                logger,
                fields: { host, pid, thread, request_id, duration_ms },
                ...(traceId === undefined ? {} : { traceId }),
              },
            }),
          )
          return shapeEntries(entries, { source, run: 1, session: 'bench', pid: 0 }, observed, sequence + 1)
        })
        await store.commit(batches, new Map())
      }
    },
    settle: () => store.seal({ all: true }),
    query,
    close: () => store.close(),
  }
}
