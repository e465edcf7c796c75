// The rule of a job's life: what a report makes of it. Reports may come twice, late and out of order.
import type { Job, JobReport } from '../../contracts/job.ts'

/** Words of orchestrators for a job that is over. */
const endings = new Set(
  'COMPLETED FAILED CANCELLED CANCELED TIMEOUT TIMED_OUT SUCCESS SUCCEEDED FAILURE ERROR ABORTED KILLED'.split(' '),
)

/** The job as it is after the report; undefined when the report says nothing new. */
export function nextJob(job: Job, { status, at, message, exitCode, error }: JobReport): Job | undefined {
  const isEnd = endings.has(status)
  // A report that was overtaken by the end.
  if (job.endedAt !== undefined && !isEnd) return undefined
  const isNew =
    status !== job.status ||
    (message !== undefined && message !== job.message) ||
    (exitCode !== undefined && exitCode !== job.exitCode) ||
    (error !== undefined && error !== job.error)
  if (!isNew) return undefined
  const startedAt = job.status === 'PENDING' && !isEnd ? at : job.startedAt
  return {
    ...job,
    status,
    startedAt,
    ...(message === undefined ? {} : { message }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(error === undefined ? {} : { error }),
    ...(isEnd ? { endedAt: Math.max(at, startedAt) } : {}),
  }
}

/** The news of a job, for its log. */
export function formatJobNews({ jobId, status, exitCode, error, message }: Job): string {
  const code = exitCode === undefined ? '' : `, exit code ${exitCode}`
  const words = error ?? message
  return `job ${jobId} ${status.toLowerCase()}${code}${words === undefined ? '' : `: ${words}`}`
}
