// The jobs that a hub knows: those of its catalogue and those that were registered since, the oldest of which it forgets.
import type { Job, Jobs } from '../../contracts/job.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { RunRow } from '../../contracts/source.ts'
import type { Catalogue } from '../catalogue.ts'

export interface KnownJobs extends Omit<Jobs, 'onRegister'> {
  keep(job: Job): Job
  /** Throws `too-many` where none can be forgotten for another one. */
  checkRoom(): void
}

/** Beyond so many, the oldest that are over are forgotten; their lines stay. */
const mostJobs = 10_000

export function openKnownJobs(catalogue: Pick<Catalogue, 'eachRun'>, forgotten: (jobId: string) => void): KnownJobs {
  /** By id, the oldest first. */
  const byId = new Map(loadJobs(catalogue).map((job) => [job.jobId, job]))
  const listeners = new Set<(job: Job) => void>()

  function forgetOne(except: Job): void {
    for (const { jobId, endedAt } of byId.values()) {
      if (endedAt === undefined || jobId === except.jobId) continue
      byId.delete(jobId)
      return forgotten(jobId)
    }
  }

  return {
    find: (jobId) => byId.get(jobId),
    list: () => [...byId.values()].reverse(),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    keep(job) {
      byId.set(job.jobId, job)
      if (byId.size > mostJobs) forgetOne(job)
      for (const listener of listeners) listener(job)
      return job
    },
    checkRoom() {
      if (byId.size < mostJobs || [...byId.values()].some(({ endedAt }) => endedAt !== undefined)) return
      throw new LogboomError('too-many', `${mostJobs} jobs are under way, none of which was said to be over`)
    },
  }
}

/** The oldest first. */
function loadJobs(catalogue: Pick<Catalogue, 'eachRun'>): Job[] {
  const jobs: Job[] = []
  // A source has jobs or other runs, as its newest run tells.
  catalogue.eachRun({ wants: (newest) => jobOf(newest) !== undefined }, (row) => {
    const job = jobOf(row)
    if (job) jobs.push(job)
    return jobs.length < mostJobs
  })
  return jobs.reverse()
}

type JobDetails = Partial<Omit<Job, 'source' | 'run' | 'endedAt'>>

export function detailsOf({ source: _source, run: _run, endedAt: _endedAt, ...details }: Job): Record<string, unknown> {
  return details
}

/** Undefined for a run that is no job. */
export function jobOf({ source, run, startedAt, endedAt, details }: RunRow): Job | undefined {
  const { jobId, orchestratorId, status = 'PENDING', ...rest } = details as JobDetails
  if (jobId === undefined || orchestratorId === undefined) return undefined
  const end = endedAt === null ? {} : { endedAt }
  return { startedAt, ...rest, jobId, orchestratorId, status, source, run, ...end }
}
