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
import type { RunRow } from '../../contracts/source.ts'
import { faultOfSourceName } from '../../text/source-name.ts'
import type { Catalogue } from '../catalogue.ts'
import type { NamedJobRuns } from './job-sources.ts'
import { formatDuration } from '../../time/duration.ts'
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

/** Beyond so many, the oldest that are over are forgotten; their lines stay. */
const mostJobs = 10_000
/** Names of jobs that become sources; jobs with others are runs of `defaultJobSource`. */
const mostNames = 1000

export function openJobs({ catalogue, openSource, now }: JobsOptions): OpenedJobs {
  /** By id, the oldest first. */
  const byId = new Map(loadJobs(catalogue).map((job) => [job.jobId, job]))
  const names = new Set([...byId.values()].map(({ source }) => source))
  const listeners = new Set<(job: Job) => void>()
  const onNumber = new Set<(job: NumberedJob) => void>()
  const inTurn = openTurnsByKey()
  /** Sources that are open, by name, so that lines of streams need not wait for one. */
  const opened = new Map<string, JobRuns>()
  const silence = openSilence({
    jobs: () => byId.values(),
    limitOf: ({ source }) => opened.get(source)?.lostAfterMs,
    lost: ({ jobId }, silentMs) => void inTurn(jobId, () => lose(jobId, silentMs)).catch(() => undefined),
    now,
  })

  function keep(job: Job): Job {
    byId.set(job.jobId, job)
    if (job.endedAt === undefined) silence.heard(job.jobId)
    else silence.over(job.jobId)
    if (byId.size > mostJobs)
      for (const { jobId, endedAt } of byId.values())
        if (endedAt !== undefined && jobId !== job.jobId) {
          byId.delete(jobId)
          silence.over(jobId)
          break
        }
    for (const listener of listeners) listener(job)
    return job
  }

  async function sourceOf(name: string): Promise<NamedJobRuns> {
    const source = await openSource(name)
    if (source) {
      opened.set(source.name, source.jobs)
      silence.watch(source.jobs.lostAfterMs)
      return source
    }
    throw new LogboomError('job-name-taken', `${name} is the name of another source, which is none of jobs.`)
  }

  async function begin(wanted: NewJob): Promise<Job> {
    const known = byId.get(wanted.jobId)
    if (known) {
      if (known.orchestratorId === wanted.orchestratorId) return known
      throw new LogboomError('job-owned', 'Job not owned by this orchestrator')
    }
    if (byId.size >= mostJobs && ![...byId.values()].some(({ endedAt }) => endedAt !== undefined))
      throw new LogboomError('too-many', `${mostJobs} jobs are under way, none of which was said to be over`)
    const { name = defaultJobSource, ...owner } = wanted
    const fault = faultOfSourceName(name)
    if (fault) throw new LogboomError('request-invalid', `name: ${fault}`)
    const { name: source, jobs } = await sourceOf(names.has(name) || names.size < mostNames ? name : defaultJobSource)
    names.add(source)
    const { run, startedAt } = await jobs.begin({ ...owner, status: 'PENDING' }, (number) => {
      for (const listener of onNumber) listener({ ...owner, source, run: number })
    })
    return keep({ ...owner, source, run, status: 'PENDING', startedAt })
  }

  /** The end is one that its orchestrator may still correct. */
  async function lose(jobId: string, silentMs: number): Promise<void> {
    if (byId.get(jobId)?.endedAt !== undefined) return
    await change(jobId, { status: 'TIMEOUT', at: now(), error: `no news for ${formatDuration(silentMs)}` })
  }

  async function change(jobId: string, report: JobReport): Promise<Job> {
    const job = byId.get(jobId)
    if (!job) throw new LogboomError('unknown-job', 'Job not found')
    const next = nextJob(job, report)
    if (!next) {
      if (job.endedAt === undefined) silence.heard(jobId)
      return job
    }
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
    find: (jobId) => byId.get(jobId),
    list: () => [...byId.values()].reverse(),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onRegister(listener) {
      onNumber.add(listener)
      return () => onNumber.delete(listener)
    },
    register: (job) => inTurn(job.jobId, () => begin(job)),
    async append(job, lines) {
      if (lines.length === 0) return
      const { jobs } = await sourceOf(job.source)
      noteLines(byId.get(job.jobId) ?? job, lines[0]!.time)
      await jobs.append(job.run, lines)
    },
    stream(job, line, kept) {
      noteLines(byId.get(job.jobId) ?? job, line.time)
      const jobs = opened.get(job.source)
      if (jobs) return jobs.stream(job.run, line, kept)
      return sourceOf(job.source).then(
        async (source) => {
          await source.jobs.stream(job.run, line, kept)
        },
        (error: unknown) => {
          kept()
          throw error
        },
      )
    },
    report: (job, report) => inTurn(job.jobId, () => change(job.jobId, report)),
    async open() {
      const living = [...byId.values()].filter(({ endedAt }) => endedAt === undefined)
      const names = [...new Set(living.map(({ source }) => source))]
      // Those that cannot be opened now are tried again with the next that is said of their jobs.
      await Promise.allSettled(names.map(sourceOf))
    },
    close: silence.close,
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

function detailsOf({ source: _source, run: _run, endedAt: _endedAt, ...details }: Job): Record<string, unknown> {
  return details
}

/** Undefined for a run that is no job. */
export function jobOf({ source, run, startedAt, endedAt, details }: RunRow): Job | undefined {
  const { jobId, orchestratorId, status = 'PENDING', ...rest } = details as JobDetails
  if (jobId === undefined || orchestratorId === undefined) return undefined
  const end = endedAt === null ? {} : { endedAt }
  return { startedAt, ...rest, jobId, orchestratorId, status, source, run, ...end }
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
