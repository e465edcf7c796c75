// The lists of jobs and of runs.
import { Boxes, BriefcaseBusiness } from 'lucide-react'
import { useCallback, type ReactElement } from 'react'
import type { CountedRunView } from '../../../src/client/index.ts'
import { useHub } from '../hub/hub-context.tsx'
import { Code } from '../ui/code.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ListPage, patternOf, useListFilters } from './list-page.tsx'
import { runKey, RunTable } from './run-table.tsx'
import type { ShownList } from './shown-list.ts'
import { useShownList } from './use-shown-list.ts'

const pageSize = 50

const ofJobs: readonly [name: string, label: string][] = [
  ['source', 'Job name'],
  ['owner', 'Owner'],
]
const ofRuns: readonly [name: string, label: string][] = [['source', 'Source']]
const runStatuses = ['running', 'completed', 'failed', 'stopped', 'unknown']
/** With words that orchestrators use. */
const jobStatuses = ['pending', ...runStatuses, 'cancelled', 'timeout']

export function JobsPage(): ReactElement {
  return <RunsList key="jobs" isOfJobs />
}

export function RunsPage(): ReactElement {
  return <RunsList key="runs" isOfJobs={false} />
}

function RunsList({ isOfJobs }: { isOfJobs: boolean }): ReactElement {
  const { client } = useHub()
  const filters = useListFilters()
  const { source, owner, status, session } = filters.search
  const ask = useCallback(
    async (past: string | undefined): Promise<ShownList<CountedRunView>> => {
      const asked = {
        source: patternOf(source),
        owner: patternOf(owner),
        status: status || undefined,
        session: session || undefined,
        limit: pageSize,
        past,
      }
      const { runs, ...rest } = await (isOfJobs ? client.jobs(asked) : client.runs(asked))
      return { rows: runs, past: rest.past }
    },
    [client, isOfJobs, source, owner, status, session],
  )
  const paged = useShownList(ask, runKey)
  return (
    <ListPage
      title={isOfJobs ? 'Jobs' : 'Runs'}
      filters={filters}
      statuses={isOfJobs ? jobStatuses : runStatuses}
      names={isOfJobs ? ofJobs : ofRuns}
      paged={paged}
      empty={isOfJobs ? noJobs : noRuns}
    >
      {(runs) => <RunTable runs={runs} isOfJobs={isOfJobs} />}
    </ListPage>
  )
}

const noJobs = (
  <EmptyState icon={BriefcaseBusiness} title="No jobs yet">
    <p>
      A job is registered by an orchestrator, with <Code>POST /api/internal/jobs</Code>, or is a process that a schedule
      starts: <Code>every: '1h'</Code> in its section of the configuration.
    </p>
  </EmptyState>
)

const noRuns = (
  <EmptyState icon={Boxes} title="Nothing has run yet">
    <p>
      Each start of a process is a run. Name processes in <Code>logboom.config.ts</Code> and start with{' '}
      <Code>logboom up</Code>.
    </p>
  </EmptyState>
)
