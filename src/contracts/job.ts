// A job: a run with an owner, registered by an orchestrator. Its lines are records of its source and run.

/** Names of a job and its owner, as the orchestrator gives them. */
export interface JobOwner {
  jobId: string
  eventId?: string
  userId?: string
  orchestratorId: string
}

export interface NewJob extends JobOwner {
  /** Name of the token it was registered with: no other may say anything of it. */
  token?: string
  /** Of the source; `defaultJobSource` where it is absent. */
  name?: string
}

export interface Job extends JobOwner {
  /** Source of its records: the job's name. */
  source: string
  run: number
  /** As its orchestrator says it, in capitals: `PENDING`, `RUNNING`, `COMPLETED`, `FAILED` … */
  status: string
  /** Unix milliseconds. */
  startedAt: number
  endedAt?: number
  exitCode?: number
  error?: string
  /** Latest words of the orchestrator about it. */
  message?: string
  /** Name of the token it was registered with. */
  token?: string
}

export interface JobLine {
  message: string
  stream: 'stdout' | 'stderr'
  /** SeverityNumber. */
  severity: number
  /** Unix milliseconds. */
  time: number
  /** The orchestrator's own number of the line, one counter over both streams: a number that was committed is not committed again. */
  sequence?: number
}

/** News of a job, from its orchestrator. */
export interface JobReport {
  /** In capitals. */
  status: string
  /** Unix milliseconds. */
  at: number
  message?: string
  exitCode?: number
  error?: string
}

export interface Jobs {
  find(jobId: string): Job | undefined
  /** Newest first. */
  list(): Job[]
  /** Calls back when a job was registered or changed; gives what ends that. */
  onChange(listener: (job: Job) => void): () => void
  /** Calls back with each new job as soon as it has a run, before anything of it stands in the log; gives what ends that. */
  onRegister(listener: (job: Pick<Job, 'userId' | 'source' | 'run'>) => void): () => void
}

/** Jobs, and what their orchestrators hand in. */
export interface JobIntake extends Jobs {
  /** Resolves when it is kept for good; the same job again is the one that is there. Rejects with `job-owned`, `job-name-taken`, `request-invalid`. */
  register(job: NewJob): Promise<Job>
  /** Resolves when all lines are committed, in one commit; rejects where that cannot be done now, and none of them is kept. */
  append(job: Job, lines: readonly JobLine[]): Promise<void>
  /**
   * Puts a line into the job's buffer, which is committed when it is full or old enough; `kept` is called when the line is committed,
   * or never will be. Gives what to wait for before there are more.
   */
  stream(job: Job, line: JobLine, kept: () => void): Promise<void> | undefined
  /** Resolves when it is kept for good; the same report again changes nothing. */
  report(job: Job, report: JobReport): Promise<Job>
}

/** Capability of a source that takes jobs, each a run of it. */
export interface JobRuns {
  /** Time without news after which a job is lost. */
  lostAfterMs: number
  /** The run of a new job, when it is kept and stands in the log; `numbered` gets it before. */
  begin(details: Record<string, unknown>, numbered: (run: number) => void): Promise<{ run: number; startedAt: number }>
  /** Resolves when what has changed stands in the log and is kept. */
  change(job: Job, details: Record<string, unknown>, text: string): Promise<void>
  append(run: number, lines: readonly JobLine[]): Promise<void>
  /** As `JobIntake.stream`. */
  stream(run: number, line: JobLine, kept: () => void): Promise<void> | undefined
}

/** Source of jobs without a name. */
export const defaultJobSource = 'jobs'

/** `hidden`: the caller is told nothing of a job, as if it were not there. */
export type JobAccess = 'granted' | 'denied' | 'hidden'
