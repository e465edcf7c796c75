// Runs and jobs as a table. A phone has room for what a run is, how it is and how long it took.
import { Link } from '@tanstack/react-router'
import { ScrollText } from 'lucide-react'
import type { CSSProperties, ReactElement, ReactNode } from 'react'
import type { CountedRunView } from '../../../src/client/index.ts'
import { severityNames } from '../../../src/contracts/record.ts'
import { formatCount } from '../../../src/text/amounts.ts'
import { useSourceHue } from '../hub/use-source-hue.ts'
import { buttonClass } from '../ui/button.tsx'
import { Started, Took } from '../ui/when.tsx'
import { RunLink, runQuery } from './run-link.tsx'
import { StatusMark } from './status-mark.tsx'

interface RunTableProps {
  runs: readonly CountedRunView[]
  /** Jobs by their ids, with whose they are. */
  isOfJobs: boolean
}

export const runKey = ({ source, run }: CountedRunView): string => `${run} ${source}`

export function RunTable({ runs, isOfJobs }: RunTableProps): ReactElement {
  return (
    <table className="w-full border-collapse text-xs" data-testid="run-table">
      <thead className="sticky top-0 z-10 bg-canvas text-2xs text-soft">
        <tr className="border-b border-line">
          <Head>{isOfJobs ? 'Job' : 'Run'}</Head>
          <Head className="max-sm:hidden">Status</Head>
          <Head className="max-sm:hidden">Started</Head>
          <Head className="text-right">Took</Head>
          <Head className="text-right max-sm:hidden">Exit</Head>
          <Head className="text-right max-md:hidden">Lines</Head>
          <Head className="text-right max-md:hidden">Warnings</Head>
          <Head className="text-right">Errors</Head>
          <Head className="max-lg:hidden">{isOfJobs ? 'Owner' : 'Session'}</Head>
          {isOfJobs ? <Head className="max-lg:hidden">Orchestrator</Head> : null}
          <Head>
            <span className="sr-only">Lines</span>
          </Head>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={runKey(run)} run={run} isOfJobs={isOfJobs} />
        ))}
      </tbody>
    </table>
  )
}

function RunRow({ run, isOfJobs }: { run: CountedRunView; isOfJobs: boolean }): ReactElement {
  const hueOf = useSourceHue()
  const { source, job, status, startedAt, endedAt, durationMs, exitCode, signal, levels, hasErrors, session } = run
  const isOver = endedAt !== undefined
  const lines = severityNames.reduce((sum, level) => sum + (levels[level] ?? 0), 0)
  const errors = (levels.ERROR ?? 0) + (levels.CRITICAL ?? 0)
  const code = signal ?? exitCode
  return (
    <tr
      className="h-7 border-b border-line/60 hover:bg-hover focus-within:bg-accent-soft"
      data-testid="run-row"
      data-source={source}
      data-run={run.run}
      data-status={status}
    >
      <Cell className="max-sm:w-full max-sm:max-w-0 sm:max-w-80">
        <RunLink run={run} className="flex min-w-0 items-baseline gap-2 rounded font-medium hover:underline">
          {isOfJobs && job ? <span className="truncate font-mono">{job.jobId}</span> : null}
          <span
            className={`source-hue truncate font-mono ${isOfJobs && job ? 'font-normal' : ''}`}
            style={{ '--hue': hueOf(source) } as CSSProperties}
          >
            {source}
          </span>
          <span className="shrink-0 font-normal text-soft tabular-nums">run {run.run}</span>
        </RunLink>
        <span className="flex gap-2 text-2xs text-soft sm:hidden">
          <StatusMark status={status} isOver={isOver} />
          <Started at={startedAt} />
        </span>
      </Cell>
      <Cell className="max-sm:hidden">
        <StatusMark status={status} isOver={isOver} />
      </Cell>
      <Cell className="whitespace-nowrap text-soft tabular-nums max-sm:hidden">
        <Started at={startedAt} />
      </Cell>
      <Cell className="text-right whitespace-nowrap tabular-nums">
        {isOver && durationMs === undefined ? '–' : <Took startedAt={startedAt} durationMs={durationMs} />}
      </Cell>
      <Cell
        className={`text-right font-mono max-sm:hidden ${code === undefined || code === 0 ? 'text-soft' : 'text-bad'}`}
      >
        {code ?? '–'}
      </Cell>
      <Cell className="text-right tabular-nums max-md:hidden">{formatCount(lines)}</Cell>
      <Cell className={`text-right tabular-nums max-md:hidden ${levels.WARNING ? 'text-warn' : 'text-faint'}`}>
        {formatCount(levels.WARNING ?? 0)}
      </Cell>
      <Cell className={`text-right tabular-nums ${hasErrors ? 'font-medium text-bad' : 'text-faint'}`}>
        <span title={hasErrors ? 'It failed, or said something of level error or worse' : undefined}>
          {hasErrors && errors === 0 ? '!' : formatCount(errors)}
        </span>
      </Cell>
      <Cell className="max-w-48 truncate text-soft max-lg:hidden">
        {isOfJobs ? (
          (job?.userId ?? (job ? '–' : 'by schedule'))
        ) : (
          <Link to="/runs" search={{ session }} className="font-mono text-2xs hover:underline">
            {session}
          </Link>
        )}
      </Cell>
      {isOfJobs ? (
        <Cell className="max-w-40 truncate text-soft max-lg:hidden">{job?.orchestratorId ?? '–'}</Cell>
      ) : null}
      <Cell className="w-8">
        <Link
          to="/logs"
          search={{ q: runQuery(run) }}
          aria-label={`Lines of ${source} run ${run.run} in Logs`}
          title="The same lines in Logs"
          data-testid="run-logs"
          className={buttonClass({ icon: true, className: 'h-6! w-6!' })}
        >
          <ScrollText aria-hidden />
        </Link>
      </Cell>
    </tr>
  )
}

interface CellProps {
  className?: string
  children: ReactNode
}

export function Head({ className = '', children }: CellProps): ReactElement {
  return (
    <th
      scope="col"
      className={`h-7 px-2 text-left font-medium first:pl-3 last:pr-3 sm:first:pl-4 sm:last:pr-4 ${className}`}
    >
      {children}
    </th>
  )
}

export function Cell({ className = '', children }: CellProps): ReactElement {
  return (
    <td className={`px-2 first:pl-3 last:pr-3 max-sm:py-1.5 sm:first:pl-4 sm:last:pr-4 ${className}`}>{children}</td>
  )
}
