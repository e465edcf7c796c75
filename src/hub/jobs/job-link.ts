// Jobs whose lines come from a source of the hub itself, as those of containers do: found or registered, and handed in past the routes.
import type { JobIntake, NewJob } from '../../contracts/job.ts'
import type { JobLink } from '../../contracts/source.ts'
import type { Storage } from '../../contracts/storage.ts'

export async function linkToJob(wanted: NewJob, jobs: JobIntake, storage: Pick<Storage, 'ofSource'>): Promise<JobLink> {
  const job = jobs.find(wanted.jobId) ?? (await jobs.register(wanted))
  const { push, lastOnce } = storage.ofSource(job.source)
  return { job, storage: { push, lastOnce }, report: async (news) => void (await jobs.report(job, news)) }
}
