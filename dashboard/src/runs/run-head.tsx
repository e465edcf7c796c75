// The facts of a run at a glance: how it is, how long it takes, how it ended, how much it said, whose it is.
import { Link } from '@tanstack/react-router'
import { ChevronRight, ScrollText } from 'lucide-react'
import type { CSSProperties, ReactElement, ReactNode } from 'react'
import type { CountedRunView } from '../../../src/client/index.ts'
import { severities, severityNames } from '../../../src/contracts/record.ts'
import { formatCount } from '../../../src/text/amounts.ts'
import { formatFileTime } from '../../../src/time/clock.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import { useSourceHue } from '../hub/use-source-hue.ts'
import { buttonClass } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { levelColor } from '../ui/level.ts'
import { Started, Took } from '../ui/when.tsx'
import { runQuery } from './run-link.tsx'
import { StatusMark } from './status-mark.tsx'

interface RunHeadProps {
  run: CountedRunView
  /** The hub did not answer since. */
  isStale: boolean
}

export function RunHead({ run, isStale }: RunHeadProps): ReactElement {
  const { source, job } = run
  const hueOf = useSourceHue()
  const hue = { '--hue': hueOf(source) } as CSSProperties
  return (
    <header className="shrink-0 border-b border-line bg-surface px-3 pt-2 pb-2.5 sm:px-4">
      <nav aria-label="Place" className="flex items-center gap-1 text-xs text-soft max-sm:hidden">
        <Link to={job ? '/jobs' : '/runs'} className="rounded text-accent hover:underline">
          {job ? 'Jobs' : 'Runs'}
        </Link>
        <ChevronRight className="size-3" aria-hidden />
        <Link
          to={job ? '/jobs' : '/runs'}
          search={{ source }}
          className="source-hue rounded font-mono hover:underline"
          style={hue}
        >
          {source}
        </Link>
        <ChevronRight className="size-3" aria-hidden />
        <span className="tabular-nums">run {run.run}</span>
      </nav>
      <div className="flex h-8 items-center gap-2.5">
        <h1 className="min-w-0 truncate font-mono text-base font-semibold" data-testid="run-title">
          {job?.jobId ?? source}
        </h1>
        <span className="shrink-0 text-sm text-soft tabular-nums">
          {job ? <span className="font-mono">{source} </span> : null}run {run.run}
        </span>
        <span className="ml-auto flex items-center gap-0.5">
          <CopyButton text={() => location.href} label="Copy link" />
          <Link
            to="/logs"
            search={{ q: runQuery(run) }}
            aria-label="The same lines in Logs"
            title="The same lines in Logs"
            className={buttonClass({ icon: true })}
          >
            <ScrollText aria-hidden />
          </Link>
        </span>
      </div>
      <dl className="mt-1 flex overflow-x-auto [scrollbar-width:none]" tabIndex={0} aria-label="Facts">
        <Facts run={run} isStale={isStale} />
      </dl>
    </header>
  )
}

function Facts({ run, isStale }: RunHeadProps): ReactElement {
  const { status, startedAt, endedAt, durationMs, exitCode, signal, error, scheduledAt, job, session, hasErrors } = run
  const connection = useStore(useHub().connection)
  const isOver = endedAt !== undefined
  const said = error ?? job?.message
  const lostAt = connection.state === 'lost' ? connection.since : undefined
  return (
    <>
      <Fact
        name="Status"
        note={said ?? (hasErrors && status !== 'FAILED' ? 'with errors' : isStale ? 'as it was last' : '')}
        isBad={error !== undefined || (said === undefined && hasErrors)}
      >
        <StatusMark status={status} isOver={isOver} />
      </Fact>
      <Fact name="Duration" note={isOver ? '' : 'until now'}>
        <span data-testid="run-duration">
          {isOver && durationMs === undefined ? (
            'unknown'
          ) : (
            <Took startedAt={startedAt} durationMs={durationMs} until={lostAt} />
          )}
        </span>
      </Fact>
      <Fact name="Exit code" note={signal && exitCode !== undefined ? signal : ''}>
        <span
          data-testid="run-exit"
          className={exitCode === undefined && !signal ? 'font-normal text-soft' : exitCode === 0 ? '' : 'text-bad'}
        >
          {exitCode ?? signal ?? (isOver ? 'unknown' : 'none yet')}
        </span>
      </Fact>
      <Fact
        name="Started"
        note={scheduledAt ? 'by schedule' : endedAt ? `until ${formatFileTime(endedAt).slice(11, 19)}` : ''}
      >
        <Started at={startedAt} />
      </Fact>
      <Fact name="Lines" note={<Levels levels={run.levels} />}>
        <span data-testid="run-lines" data-errors={hasErrors}>
          {formatCount(severityNames.reduce((sum, level) => sum + (run.levels[level] ?? 0), 0))}
        </span>
      </Fact>
      {job ? (
        <>
          <Fact name="Owner" note={job.eventId ? `event ${job.eventId}` : ''}>
            <span data-testid="run-owner">{job.userId ?? 'nobody'}</span>
          </Fact>
          <Fact name="Orchestrator">{job.orchestratorId}</Fact>
        </>
      ) : (
        <Fact name="Session">
          <Link to="/runs" search={{ session }} className="font-mono text-xs font-normal hover:underline">
            {session}
          </Link>
        </Fact>
      )}
    </>
  )
}

interface FactProps {
  name: string
  note?: ReactNode
  isBad?: boolean
  children: ReactNode
}

function Fact({ name, note = '', isBad = false, children }: FactProps): ReactElement {
  return (
    <div className="shrink-0 border-l border-line px-3 first:border-0 first:pl-0 sm:px-4">
      <dt className="text-2xs text-soft">{name}</dt>
      <dd className="min-w-0">
        <span className="flex h-5 min-w-0 items-center truncate text-sm font-medium whitespace-nowrap tabular-nums">
          {children}
        </span>
        <span
          className={`block min-h-4 max-w-80 truncate text-2xs tabular-nums ${isBad ? 'text-bad' : 'text-soft'}`}
          title={typeof note === 'string' ? note : undefined}
        >
          {note}
        </span>
      </dd>
    </div>
  )
}

/** Lines of each level that there is, the worst first, as words beside their colours. */
function Levels({ levels }: { levels: CountedRunView['levels'] }): ReactElement {
  const there = severityNames.filter((level) => levels[level] !== undefined).toReversed()
  return (
    <span data-testid="run-levels">
      {there.map((level, index) => (
        <span key={level}>
          {index > 0 ? ', ' : ''}
          <span style={severities[level] < severities.WARNING ? {} : { color: levelColor(level) }}>
            {formatCount(levels[level]!)} {level.toLowerCase()}
          </span>
        </span>
      ))}
    </span>
  )
}
