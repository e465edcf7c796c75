// Lists of jobs, runs and sessions, newest first; what each run said is counted by level as it is listed.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../../contracts/caller.ts'
import { severities, type SeverityName } from '../../contracts/record.ts'
import type { Storage } from '../../contracts/storage.ts'
import { runQuery } from '../../query/verbs/job.ts'
import type { Requests } from '../../wire/request-shapes.ts'
import type { CountedRunView, RunList, RunView } from '../../wire/run-view.ts'
import type { TakeTurn } from '../bounds/search-turns.ts'
import type { ServedHub } from '../hub-interface.ts'
import { mayReadRun } from '../own-job.ts'
import { serveRoute } from '../serve-route.ts'

export function addRunRoutes(app: FastifyInstance, { lists, storage }: ServedHub, takeTurn: TakeTurn): void {
  const answering =
    (isJob: boolean) =>
    async (asked: Requests['runs'], reply: FastifyReply, { caller }: FastifyRequest): Promise<RunList> => {
      const signal = await takeTurn(reply)
      const { runs, ...rest } = lists.runs({ ...asked, isJob }, ({ source, job }) => mayReadRun(caller, source, job))
      const views: CountedRunView[] = []
      for (const run of runs) views.push(withCounts(run, await levelsOf({ storage, run, caller }, signal)))
      return { runs: views, ...rest }
    }
  serveRoute(app, 'runs', answering(false))
  serveRoute(app, 'jobs', answering(true))
  serveRoute(app, 'sessions', (asked) => lists.sessions(asked))
}

async function levelsOf(
  { storage, run, caller: { within } }: { storage: Storage; run: RunView; caller: Caller },
  signal: AbortSignal,
): Promise<CountedRunView['levels']> {
  const levels: CountedRunView['levels'] = {}
  const query = `${runQuery(run)} -kind:event`
  // Each summary replaces the one before, which was counted less far.
  for await (const { facets } of storage.summarize({ query, within, facets: ['level'] }, signal))
    for (const { value, count } of facets?.[0]?.top ?? []) levels[value.toUpperCase() as SeverityName] = count
  return levels
}

function withCounts(run: RunView, levels: CountedRunView['levels']): CountedRunView {
  const isSevere = (name: string): boolean => severities[name as SeverityName] >= severities.ERROR
  const hasErrors = run.status === 'FAILED' || Object.keys(levels).some(isSevere)
  return { ...run, levels, hasErrors }
}
