// One source as a card. It reads its own stores only: another process's lines and figures do not redraw it.
import { Link } from '@tanstack/react-router'
import { ArrowUpRight } from 'lucide-react'
import { memo, useEffect, useId, useMemo, useRef, useState, type ReactElement } from 'react'
import type { LogboomError } from '../../../src/client/index.ts'
import type { SeverityName } from '../../../src/contracts/record.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import type { QueryProblem } from '../logs/query/query-problem.ts'
import { formatView } from '../logs/view.ts'
import { SearchField } from '../ui/fields/search-field.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useSettled } from '../ui/use-settled.ts'
import { CardError } from './card-error.tsx'
import { CardActions } from './card-actions.tsx'
import { LogFile, Metrics, StatusLine } from './card-facts.tsx'
import { cardView, type CardFilter } from './card-lines.ts'
import { CardLog } from './card-log.tsx'
import { LevelSelect } from './level-select.tsx'
import { LoggerLevel } from './logger-level.tsx'

interface ProcessCardProps {
  name: string
  logClass: string
}

/** Until the text of a filter is asked for. */
const restMs = 300

export const ProcessCard = memo(function ProcessCard({ name, logClass }: ProcessCardProps): ReactElement | null {
  const view = useStore(useHub().source(name))
  const [error, setError] = useState<LogboomError>()
  const [level, setLevel] = useState<SeverityName>()
  const [text, setText] = useState('')
  const settled = useSettled(text, restMs)
  const [problem, setProblem] = useState<QueryProblem>()
  const problemId = useId()
  const filter = useMemo<CardFilter>(() => ({ ...(level ? { level } : {}), text: settled }), [level, settled])
  const card = useRef<HTMLElement>(null)
  const renders = useRef(0)
  useEffect(() => {
    if (card.current) card.current.dataset['renders'] = String(++renders.current)
  })
  if (!view) return null
  const isProcess = view.type === 'process'
  // Text that is still being typed is not wrong yet.
  const wrong = text === settled ? problem : undefined
  return (
    <article
      ref={card}
      aria-label={view.title}
      data-testid="process-card"
      data-source={name}
      data-state={view.state}
      className="flex min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-surface [contain:layout_paint]"
    >
      <div className="flex flex-col gap-1 px-3 pt-2.5 pb-2">
        <div className="flex items-center justify-between gap-2">
          <Tooltip text={view.command ?? name}>
            <h2 className="min-w-0 truncate rounded text-sm font-semibold tracking-tight" tabIndex={0}>
              {view.title}
            </h2>
          </Tooltip>
          {view.isControllable ? (
            <CardActions
              name={name}
              title={view.title}
              state={view.state}
              isScheduled={view.schedule?.nextAt !== undefined}
              onError={setError}
            />
          ) : null}
        </div>
        <div className="flex items-center justify-between gap-2">
          <StatusLine view={view} />
          {isProcess && view.shownLevel && !view.host ? (
            <LoggerLevel name={name} title={view.title} level={view.shownLevel} onError={setError} />
          ) : null}
        </div>
        {isProcess || view.memoryBytes !== undefined ? <Metrics view={view} /> : null}
        <LogFile view={view} />
      </div>
      {error ? <CardError error={error} onDismiss={() => setError(undefined)} /> : null}
      <CardLog name={name} filter={filter} onProblem={setProblem} className={logClass} />
      <div className="flex items-center gap-1.5 px-2 py-1.5">
        <LevelSelect value={level} onChange={setLevel} label={`Levels of ${view.title}`} />
        <SearchField
          value={text}
          onChange={setText}
          label={`Search the lines of ${view.title}`}
          placeholder="Search"
          wrongPlace={wrong?.position}
          aria-invalid={wrong !== undefined}
          aria-describedby={wrong ? problemId : undefined}
          data-testid="card-search"
          className="h-6! flex-1 border-transparent! bg-transparent! hover:bg-hover! focus-within:border-accent!"
        />
        <Link
          to="/logs"
          search={formatView(cardView(name, { ...filter, text }))}
          aria-label={`View all lines of ${view.title}`}
          data-testid="view-all"
          className="flex items-center gap-1 rounded-md px-1.5 py-0.5 text-xs font-medium whitespace-nowrap text-soft hover:bg-hover hover:text-text"
        >
          View all
          <ArrowUpRight className="size-3.5" aria-hidden />
        </Link>
      </div>
      {wrong ? (
        <p id={problemId} role="alert" data-testid="card-query-error" className="px-3 pb-2 text-xs wrap-anywhere">
          <span className="text-bad">{wrong.message}</span> <span className="text-soft">{wrong.hint}</span>
        </p>
      ) : null}
    </article>
  )
})
