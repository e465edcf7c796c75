// The runs of the jobs of users, as sets that grow while jobs are registered: whoever holds one needs not be told.
import type { Jobs } from '../contracts/job.ts'
import type { RunsBySource } from '../contracts/request.ts'

export interface OwnRuns {
  /** A set that stays the same for as long as the hub lives. */
  of(user: string): RunsBySource
  attach(jobs: Pick<Jobs, 'list' | 'onRegister'>): void
}

export function openOwnRuns(): OwnRuns {
  /** Of users who were asked for. */
  const byUser = new Map<string, Map<string, Set<number>>>()
  let jobs: Pick<Jobs, 'list'> = { list: () => [] }

  function add({ userId, source, run }: { userId?: string; source: string; run: number }): void {
    const runs = userId === undefined ? undefined : byUser.get(userId)
    if (!runs) return
    const known = runs.get(source)
    if (known) known.add(run)
    else runs.set(source, new Set([run]))
  }

  return {
    of(user) {
      const known = byUser.get(user)
      if (known) return known
      const runs = new Map<string, Set<number>>()
      byUser.set(user, runs)
      for (const job of jobs.list()) if (job.userId === user) add(job)
      return runs
    },
    attach(attached) {
      jobs = attached
      for (const job of attached.list()) add(job)
      attached.onRegister(add)
    },
  }
}
