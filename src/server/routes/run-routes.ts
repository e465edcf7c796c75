// Lists of jobs, runs and sessions, newest first; what each run said is counted by level as it is listed.
import type { FastifyInstance } from 'fastify'
import { severities, type SeverityName } from '../../contracts/record.ts'
import type { Storage } from '../../contracts/storage.ts'
import { runQuery } from '../../query/verbs/job.ts'
import type { Requests } from '../../wire/request-shapes.ts'
import type { CountedRunView, RunList, RunView } from '../../wire/run-view.ts'
import type { TakeTurn } from '../bounds/search-turns.ts'
import type { ServedHub } from '../hub-interface.ts'
import { serveRoute } from '../serve-route.ts'

export function addRunRoutes(app: FastifyInstance, { lists, storage }: ServedHub, takeTurn: TakeTurn): void {
  const counted = async (asked: Requests['runs'], isJob: boolean, signal: AbortSignal): Promise<RunList> => {
    const { runs, ...rest } = lists.runs({ ...asked, isJob })
    const views: CountedRunView[] = []
    for (const run of runs) views.push(withCounts(run, await levelsOf(storage, run, signal)))
    return { runs: views, ...rest }
  }
  serveRoute(app, 'runs', async (asked, reply) => await counted(asked, false, await takeTurn(reply)))
  serveRoute(app, 'jobs', async (asked, reply) => await counted(asked, true, await takeTurn(reply)))
  serveRoute(app, 'sessions', (asked) => lists.sessions(asked))
}

async function levelsOf(storage: Storage, run: RunView, signal: AbortSignal): Promise<CountedRunView['levels']> {
  const levels: CountedRunView['levels'] = {}
  const query = `${runQuery(run)} -kind:event`
  // Each summary replaces the one before, which was counted less far.
  for await (const { facets } of storage.summarize({ query, facets: ['level'] }, signal))
    for (const { value, count } of facets?.[0]?.top ?? []) levels[value.toUpperCase() as SeverityName] = count
  return levels
}

function withCounts(run: RunView, levels: CountedRunView['levels']): CountedRunView {
  const isSevere = (name: string): boolean => severities[name as SeverityName] >= severities.ERROR
  const hasErrors = run.status === 'FAILED' || Object.keys(levels).some(isSevere)
  return { ...run, levels, hasErrors }
}
