// Who may hand in what for a job: the one place where that is decided, for routes and streams alike.
import type { IncomingHttpHeaders } from 'node:http'
import { LogboomError } from '../contracts/errors.ts'
import type { Job, Jobs } from '../contracts/job.ts'
import { idOf } from '../wire/job-messages.ts'

/** The orchestrator that its client names in a header; a hub without users believes it. */
export function orchestratorIn(headers: IncomingHttpHeaders): string | undefined {
  return idOf(headers['x-orchestrator-id'])
}

/** The job, where it is there and is this orchestrator's. Throws `unknown-job` and `job-owned`, in words that clients know. */
export function ownJob(jobs: Jobs, jobId: string, orchestratorId: string | undefined): Job {
  const job = jobs.find(jobId)
  if (!job) throw new LogboomError('unknown-job', 'Job not found')
  if (orchestratorId === job.orchestratorId) return job
  throw new LogboomError('job-owned', 'Job not owned by this orchestrator')
}
