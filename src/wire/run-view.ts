// Runs, jobs and sessions in lists over HTTP; shared by server, client and dashboard.
import type { SeverityName } from '../contracts/record.ts'

export interface RunView {
  source: string
  run: number
  /** Id of the session that began it. */
  session: string
  /** `RUNNING`, `COMPLETED`, `FAILED`, `STOPPED`, `UNKNOWN` (nobody saw it end); of jobs whatever their orchestrators say. */
  status: string
  /** Unix milliseconds. */
  startedAt: number
  endedAt?: number
  /** Absent while it runs. */
  durationMs?: number
  exitCode?: number
  signal?: string
  error?: string
  /** The firing of the schedule that it was started for; Unix milliseconds. */
  scheduledAt?: number
  /** Of jobs of orchestrators. */
  job?: { jobId: string; eventId?: string; userId?: string; orchestratorId: string; message?: string }
}

export interface CountedRunView extends RunView {
  /** Records by level, but for events of the run's life; a level without any is absent. */
  levels: Partial<Record<SeverityName, number>>
  /** True where the run failed, or has records of level ERROR or worse. */
  hasErrors: boolean
}

export interface SessionView {
  id: string
  /** `KILLED`: nobody saw it end. */
  status: 'RUNNING' | 'ENDED' | 'KILLED'
  startedAt: number
  endedAt?: number
  durationMs?: number
}

export interface RunFilter {
  /** Name of a source; `*` stands for any characters. */
  source?: string | undefined
  /** In any letter case. */
  status?: string | undefined
  /** Id of a session; `*` stands for any characters. */
  session?: string | undefined
  /** Number of a run. */
  run?: number | undefined
  /** Id of a job. */
  job?: string | undefined
  /** User of a job; `*` stands for any characters. */
  owner?: string | undefined
}

export interface RunListParameters extends RunFilter {
  /** 1 to 200, default 50. */
  limit?: number | undefined
  /** `past` of the answer before, to go on. */
  past?: string | undefined
}

/** `past` is there when there is more. */
export interface RunList {
  runs: CountedRunView[]
  past?: string
}

export interface SessionList {
  sessions: SessionView[]
  past?: string
}

/** Lists as a hub gives them, before records are counted. */
export interface RunLists {
  /** Newest first, those that are `granted`. `isJob`: only jobs of orchestrators and of schedules. */
  runs(
    parameters: RunListParameters & { isJob: boolean; limit: number },
    granted: (run: RunView) => boolean,
  ): { runs: RunView[]; past?: string }
  sessions(parameters: RunListParameters & { limit: number }): SessionList
}
