// The run that a job is, for a query that no hub answers: the log itself tells of each job's registration.
import { recordAt } from '../../contracts/batch.ts'
import type { StoreReader } from '../../contracts/store.ts'
import { resolveJobs, type JobRun } from '../../query/verbs/job.ts'

/** The request with each job of its query as the run that it is. */
export async function withStoredJobs<Request extends { query?: string }>(
  reader: Pick<StoreReader, 'search'>,
  request: Request,
): Promise<Request> {
  const { query } = request
  if (query === undefined) return request
  const ids = new Set<string>()
  resolveJobs(query, (jobId) => void ids.add(jobId))
  const runs = new Map<string, JobRun>()
  for (const jobId of ids) {
    const registered = `kind:event event:registered jobId:${JSON.stringify(jobId)}`
    for await (const { batches } of reader.search({ query: registered, limit: 1, order: 'newest' }))
      for (const batch of batches) if (batch.count > 0) runs.set(jobId, recordAt(batch, 0))
  }
  return ids.size === 0 ? request : { ...request, query: resolveJobs(query, (jobId) => runs.get(jobId)) }
}
