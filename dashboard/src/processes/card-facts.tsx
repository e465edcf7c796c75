// A process's facts on its card: status, uptime, restarts, CPU, memory, log file.
import { memo, type ReactElement } from 'react'
import type { SourceView } from '../../../src/client/index.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import { useNow } from '../hub/ticker.ts'
import { formatShare, formatSize } from '../../../src/text/amounts.ts'
import { formatFileTime } from '../../../src/time/clock.ts'
import { formatDuration } from '../../../src/time/duration.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { Sparkline } from './sparkline.tsx'
import { StateIcon } from './state-icon.tsx'
import { stateLooks, toneText } from './states.ts'

export function StatusLine({ view }: { view: SourceView }): ReactElement {
  const look = stateLooks[view.state]
  const isScheduled = view.state === 'stopped' && view.schedule?.nextAt !== undefined
  return (
    <p className="flex min-w-0 items-center gap-x-1.5 text-xs whitespace-nowrap" data-testid="card-status">
      <span className="text-2xs text-faint">Status: </span>
      <StateIcon state={view.state} />
      <span className="sr-only">{`${look.sign} `}</span>
      <span className={`font-medium ${toneText[look.tone]}`}>{isScheduled ? 'Scheduled' : look.label}</span>
      {view.pid && look.up ? <span className="text-soft tabular-nums"> (PID: {view.pid})</span> : null}
      <When view={view} />
    </p>
  )
}

/** Uptime where it runs, else how and when it ended and when it comes again. */
function When({ view }: { view: SourceView }): ReactElement | null {
  const now = useNow()
  const { exit, restartAt, startedAt, detail, schedule } = view
  const parts: string[] = []
  // First, as what stands last may not be seen.
  if (schedule?.nextAt) parts.push(`next in ${formatDuration(Math.max(0, schedule.nextAt - now) + 999)}`)
  const isSomebody = view.pid !== undefined || view.type === 'docker'
  const running = isSomebody && stateLooks[view.state].up
  if (running && startedAt) parts.push(`up ${formatDuration(now - startedAt)}`)
  else if (exit) {
    if (!exit.known) parts.push('how it ended is unknown')
    else if (exit.signal) parts.push(`ended by ${exit.signal}`)
    else if (exit.code !== null) parts.push(`exit code ${exit.code}`)
    parts.push(`${formatDuration(now - exit.at)} ago`)
  }
  if (restartAt && restartAt > now) parts.push(`starts again in ${formatDuration(restartAt - now + 999)}`)
  if (detail && (running || parts.length === 0 || view.type === 'docker')) parts.push(detail)
  if (parts.length === 0) return null
  const text = parts.join(' · ')
  return (
    <span
      className="min-w-0 truncate text-faint tabular-nums"
      title={detail === undefined || parts.includes(detail) ? text : `${detail} · ${text}`}
    >
      · {text}
    </span>
  )
}

export function Metrics({ view }: { view: SourceView }): ReactElement {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-0.5 text-2xs text-soft">
      <Curves name={view.name} cpu={view.cpu} memoryBytes={view.memoryBytes} />
      <Tooltip
        text={
          view.startedAt
            ? `Run ${view.run}, started ${formatFileTime(view.startedAt)}${view.adopted ? ', adopted by this hub' : ''}`
            : `Run ${view.run}`
        }
      >
        <span tabIndex={0} className="rounded tabular-nums" data-testid="card-restarts">
          <span className={view.restarts > 0 ? 'text-text' : ''}>{view.restarts}</span>{' '}
          {view.restarts === 1 ? 'restart' : 'restarts'}
        </span>
      </Tooltip>
    </div>
  )
}

interface CurvesProps {
  name: string
  cpu: number | undefined
  memoryBytes: number | undefined
}

const Curves = memo(function Curves({ name, cpu, memoryBytes }: CurvesProps): ReactElement {
  const samples = useStore(useHub().samples(name))
  return (
    <>
      <span className="flex items-center gap-1.5">
        <span className="text-faint">CPU</span>
        <span className="w-10 text-right text-text tabular-nums" data-testid="card-cpu">
          {cpu === undefined ? '–' : formatShare(cpu)}
        </span>
        <Sparkline values={samples.cpu} least={0.1} label="CPU in the last two minutes" />
      </span>
      <span className="flex items-center gap-1.5">
        <span className="text-faint">Memory</span>
        <span className="w-13 text-right text-text tabular-nums" data-testid="card-memory">
          {memoryBytes === undefined ? '–' : formatSize(memoryBytes)}
        </span>
        <Sparkline values={samples.memory} least={16e6} label="Memory in the last two minutes" />
      </span>
    </>
  )
})

export function LogFile({ view: { logFile: path, logObstacle } }: { view: SourceView }): ReactElement | null {
  if (logObstacle !== undefined)
    return (
      <Tooltip text={logObstacle}>
        <p className="min-w-0 truncate rounded text-2xs text-warn" tabIndex={0} data-testid="card-log-file">
          Log file: none for now · {logObstacle}
        </p>
      </Tooltip>
    )
  if (path === undefined) return null
  return (
    <div className="flex min-w-0 items-center gap-1 text-2xs text-faint">
      <Tooltip text={path}>
        <p className="min-w-0 truncate rounded" tabIndex={0} data-testid="card-log-file">
          Log file: <span className="font-mono text-soft">{path}</span>
        </p>
      </Tooltip>
      <CopyButton text={path} label="Copy path" className="-my-1.5 h-6! w-6! [&_svg]:size-3!" />
    </div>
  )
}
