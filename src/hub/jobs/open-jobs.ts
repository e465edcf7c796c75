// The register of jobs: which job is which run of which source, whose it is, and how it is. Kept in the catalogue as a part of the
// run, so that it is there for the next hub.
import {
  defaultJobSource,
  type Job,
  type JobIntake,
  type JobReport,
  type JobRuns,
  type NewJob,
} from '../../contracts/job.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { faultOfSourceName } from '../../text/source-name.ts'
import type { Catalogue } from '../catalogue.ts'
import type { NamedJobRuns } from './job-sources.ts'
import { formatDuration } from '../../time/duration.ts'
import { detailsOf, openKnownJobs } from './known-jobs.ts'
import { formatJobNews, nextJob } from './next-job.ts'
import { openSilence } from './watch-silence.ts'

interface JobsOptions {
  catalogue: Pick<Catalogue, 'eachRun'>
  /** Opens the source where there is none of this name; undefined where it is no source of jobs. */
  openSource(name: string): Promise<NamedJobRuns | undefined>
  now(): number
}

type NumberedJob = Pick<Job, 'userId' | 'source' | 'run'>

export interface OpenedJobs extends JobIntake {
  /** Opens the sources of jobs that are not over. */
  open(): Promise<void>
  close(): void
}

/** Names of jobs that become sources; jobs with others are runs of `defaultJobSource`. */
const mostNames = 1000

export function openJobs({ catalogue, openSource, now }: JobsOptions): OpenedJobs {
  const known = openKnownJobs(catalogue, (jobId) => silence.over(jobId))
  const names = new Set(known.list().map(({ source }) => source))
  const numbering = openNumbering()
  const inTurn = openTurnsByKey()
  /** Sources that are open, by name, so that lines of streams need not wait for one. */
  const opened = new Map<string, JobRuns>()
  const silence = openSilence({
    jobs: known.list,
    limitOf: ({ source }) => opened.get(source)?.lostAfterMs,
    lost: ({ jobId }, silentMs) => void inTurn(jobId, () => lose(jobId, silentMs)).catch(() => undefined),
    now,
  })

  function keep(job: Job): Job {
    if (job.endedAt === undefined) silence.heard(job.jobId)
    else silence.over(job.jobId)
    return known.keep(job)
  }

  async function sourceOf(name: string): Promise<NamedJobRuns> {
    const source = await openSource(name)
    if (!source) throw nameTaken(name)
    opened.set(source.name, source.jobs)
    silence.watch(source.jobs.lostAfterMs)
    return source
  }

  async function begin(wanted: NewJob): Promise<Job> {
    const there = known.find(wanted.jobId)
    if (there) return ownedBy(there, wanted)
    known.checkRoom()
    const { name = defaultJobSource, ...owner } = wanted
    const fault = faultOfSourceName(name)
    if (fault) throw new LogboomError('request-invalid', `name: ${fault}`)
    const { name: source, jobs } = await sourceOf(names.has(name) || names.size < mostNames ? name : defaultJobSource)
    names.add(source)
    const { run, startedAt } = await jobs.begin({ ...owner, status: 'PENDING' }, (number) =>
      numbering.tell({ ...owner, source, run: number }),
    )
    return keep({ ...owner, source, run, status: 'PENDING', startedAt })
  }

  /** The end is one that its orchestrator may still correct. */
  async function lose(jobId: string, silentMs: number): Promise<void> {
    if (known.find(jobId)?.endedAt !== undefined) return
    await change(jobId, { status: 'TIMEOUT', at: now(), error: `no news for ${formatDuration(silentMs)}` })
  }

  async function change(jobId: string, report: JobReport): Promise<Job> {
    const job = known.find(jobId)
    if (!job) throw new LogboomError('unknown-job', 'Job not found')
    const next = nextJob(job, report)
    if (job.endedAt === undefined) silence.heard(jobId)
    if (!next) return job
    const { jobs } = await sourceOf(job.source)
    await jobs.change(next, detailsOf(next), formatJobNews(next))
    return keep(next)
  }

  /** Lines are a sign of life, of a job that nobody said was running. */
  function noteLines({ jobId, status, endedAt }: Job, time: number): void {
    if (endedAt === undefined) silence.heard(jobId)
    if (status !== 'PENDING' || waking.has(jobId)) return
    waking.add(jobId)
    // Lines that cannot be committed now are tried with those that follow.
    void inTurn(jobId, () => change(jobId, { status: 'RUNNING', at: time }))
      .catch(() => undefined)
      .finally(() => waking.delete(jobId))
  }
  const waking = new Set<string>()

  return {
    find: known.find,
    list: known.list,
    onChange: known.onChange,
    onRegister: numbering.onRegister,
    register: (job) => inTurn(job.jobId, () => begin(job)),
    async append(job, lines) {
      if (lines.length === 0) return
      const { jobs } = await sourceOf(job.source)
      noteLines(known.find(job.jobId) ?? job, lines[0]!.time)
      await jobs.append(job.run, lines)
    },
    stream(job, line, kept) {
      noteLines(known.find(job.jobId) ?? job, line.time)
      const jobs = opened.get(job.source)
      if (jobs) return jobs.stream(job.run, line, kept)
      return streamWhenOpen(sourceOf(job.source), job.run, line, kept)
    },
    report: (job, report) => inTurn(job.jobId, () => change(job.jobId, report)),
    async open() {
      const living = known.list().filter(({ endedAt }) => endedAt === undefined)
      // Sources that cannot be opened now are tried again with the next that is said of their jobs.
      await Promise.allSettled([...new Set(living.map(({ source }) => source))].map(sourceOf))
    },
    close: silence.close,
  }
}

function openNumbering(): { tell(job: NumberedJob): void; onRegister: JobIntake['onRegister'] } {
  const listeners = new Set<(job: NumberedJob) => void>()
  return {
    tell: (job) => listeners.forEach((listener) => listener(job)),
    onRegister(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function nameTaken(name: string): LogboomError {
  return new LogboomError('job-name-taken', `${name} is the name of another source, which is none of jobs.`)
}

/** The job that is there, where the same orchestrator registers it again. */
function ownedBy(job: Job, { orchestratorId }: NewJob): Job {
  if (job.orchestratorId === orchestratorId) return job
  throw new LogboomError('job-owned', 'Job not owned by this orchestrator')
}

async function streamWhenOpen(
  source: Promise<NamedJobRuns>,
  ...[run, line, kept]: Parameters<JobRuns['stream']>
): Promise<void> {
  // A line of a source that cannot be opened is not kept.
  const { jobs } = await source.catch((error: unknown) => {
    kept()
    throw error
  })
  await jobs.stream(run, line, kept)
}

type InTurn = <Value>(key: string, work: () => Promise<Value>) => Promise<Value>

/** Work for one key is done one after the other. */
function openTurnsByKey(): InTurn {
  const underWay = new Map<string, Promise<unknown>>()
  return (key, work) => {
    const done = (underWay.get(key) ?? Promise.resolve()).then(work)
    const settled = done
      .catch(() => undefined)
      .then(() => {
        if (underWay.get(key) === settled) underWay.delete(key)
      })
    underWay.set(key, settled)
    return done
  }
}
