// Jobs and those who ask for them: the one place where that is decided, for routes and streams alike.
import type { IncomingHttpHeaders } from 'node:http'
import { LogboomError } from '../contracts/errors.ts'
import type { Caller } from '../contracts/caller.ts'
import type { Job, Jobs } from '../contracts/job.ts'
import { idOf } from '../wire/job-messages.ts'

/** The orchestrator that its client names in a header; a hub without users believes it. */
export function orchestratorIn(headers: IncomingHttpHeaders): string | undefined {
  return idOf(headers['x-orchestrator-id'])
}

const unknownJob = (): LogboomError => new LogboomError('unknown-job', 'Job not found')

/**
 * The job, where this caller may say something of it: a token of the jobs that were registered with it, others of those whose
 * orchestrator they name; programs of this machine need not name one. Throws `unknown-job` and `job-owned`, in words that clients know.
 */
export function ownJob(jobs: Jobs, jobId: string, caller: Caller, orchestratorId: string | undefined): Job {
  const job = jobs.find(jobId)
  if (!job || !caller.may('send', job.source)) throw unknownJob()
  const isOwner = caller.kind === 'token' ? caller.name === job.token : caller.kind === 'local'
  const isNamed = orchestratorId === undefined ? isOwner : orchestratorId === job.orchestratorId
  if (isNamed && (isOwner || caller.kind !== 'token')) return job
  throw new LogboomError('job-owned', 'Job not owned by this orchestrator')
}

/** The job, where this caller may read it. Throws as `ownJob` does. */
export function readableJob(jobs: Jobs, jobId: string, caller: Caller, orchestratorId: string | undefined): Job {
  const job = jobs.find(jobId)
  if (!job || !mayReadRun(caller, job.source, job)) throw unknownJob()
  if (orchestratorId === undefined || orchestratorId === job.orchestratorId) return job
  throw new LogboomError('job-owned', 'Job not owned by this orchestrator')
}

/** Whether a caller may see a run of a source: of one that is nobody's job, whoever may see the source. */
export function mayReadRun(caller: Caller, source: string, job: Pick<Job, 'userId'> | undefined): boolean {
  return caller.mayRead(source, undefined, job?.userId ?? '')
}
