// A job: a run with an owner, registered by an orchestrator. Its lines are records of its source and run.

export interface Job {
  jobId: string
  eventId?: string
  userId?: string
  orchestratorId: string
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
}

export interface Jobs {
  find(jobId: string): Job | undefined
  /** Newest first. */
  list(): Job[]
  /** Calls back when a job was registered or changed; gives what ends that. */
  onChange(listener: (job: Job) => void): () => void
}
