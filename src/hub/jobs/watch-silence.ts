// Jobs of which nobody has heard for too long, so that those whose orchestrator is gone do not go on for ever.
import type { Job } from '../../contracts/job.ts'

export interface Silence {
  /** Something was said by or of a job. */
  heard(jobId: string): void
  /** A job has ended, or is known no more. */
  over(jobId: string): void
  /** Jobs of a source with this limit are looked at from now on. */
  watch(lostAfterMs: number): void
  close(): void
}

export interface SilenceOptions {
  jobs(): Iterable<Job>
  /** Undefined: nothing is known of its source for the moment. */
  limitOf(job: Job): number | undefined
  /** Called again and again until the job has ended. */
  lost(job: Job, silentMs: number): void
  now(): number
}

const longestPauseMs = 60_000
/** Part of a limit by which a job may be lost too late. */
const share = 4

export function openSilence({ jobs, limitOf, lost, now }: SilenceOptions): Silence {
  const heardAt = new Map<string, number>()
  /** A hub that has just begun has not heard of any. */
  const since = now()
  let pauseMs = Infinity
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    for (const job of jobs()) {
      if (job.endedAt !== undefined) continue
      const limit = limitOf(job)
      const silentMs = now() - (heardAt.get(job.jobId) ?? since)
      if (limit !== undefined && silentMs >= limit) lost(job, limit)
    }
  }

  return {
    heard: (jobId) => void heardAt.set(jobId, now()),
    over: (jobId) => void heardAt.delete(jobId),
    watch(lostAfterMs) {
      const wantedMs = Math.min(longestPauseMs, lostAfterMs / share)
      if (wantedMs >= pauseMs) return
      pauseMs = wantedMs
      clearInterval(timer)
      timer = setInterval(look, pauseMs).unref()
    },
    close: () => clearInterval(timer),
  }
}
