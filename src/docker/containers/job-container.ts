// A container that is a job: its lines are those of the job, and its end is the job's. Which job it is stands in its labels.
import type { JobLink, RunLog, RunRow } from '../../contracts/source.ts'
import type { RunExit } from '../../contracts/source-status.ts'
import { openContainer, type Container, type ContainerOptions } from './container.ts'
import type { PushLane } from './push-lane.ts'

/** A job that says nothing for long counts as lost; one whose container lives is not. */
const signOfLifeMs = 600_000

export function openJobContainer(link: JobLink, options: Omit<ContainerOptions, 'runs'>): Container {
  const { job, report } = link
  const tell = (...news: Parameters<JobLink['report']>): void => void report(...news).catch(() => undefined)
  const living = setInterval(() => tell({ status: 'RUNNING', at: Date.now() }), signOfLifeMs).unref()
  const container = openContainer({ ...options, runs: runsOf(link, options.lane, tell) })
  void container.gone.finally(() => clearInterval(living))
  return {
    ...container,
    run: () => job.run,
    async close() {
      clearInterval(living)
      await container.close()
    },
  }
}

/** All lives of the container are the one run of the job. */
function runsOf({ job }: JobLink, lane: PushLane, tell: (...news: Parameters<JobLink['report']>) => void): RunLog {
  const { source, run } = job
  const row = (details: Record<string, unknown>): RunRow => ({
    source,
    run,
    session: '',
    startedAt: job.startedAt,
    endedAt: null,
    details,
  })
  return {
    begin(details) {
      tell({ status: 'RUNNING', at: Date.now() })
      return row(details)
    },
    resume: row,
    update: () => undefined,
    end(_run, at, { exit }) {
      const { code } = exit as RunExit
      const status = code === 0 ? 'COMPLETED' : 'FAILED'
      const news = { status, at, ...(code === null ? { error: 'exit code unknown' } : { exitCode: code }) }
      // The last lines stand before the news of its end.
      void lane.drained().then(
        () => tell(news),
        () => undefined,
      )
    },
    open: () => [],
    last: () => undefined,
  }
}
