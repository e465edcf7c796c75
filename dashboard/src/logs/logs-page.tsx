// The page of lines: search and live in one. What it shows stands in the address bar.
import { ArrowDown, ScrollText, SearchX, TriangleAlert } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement } from 'react'
import type { LogRecord } from '../../../src/contracts/record.ts'
import { useShortcuts } from '../app/shortcuts.ts'
import { useSearchText } from '../app/use-search.ts'
import { formatAmount, formatCount } from '../../../src/text/amounts.ts'
import { markPattern } from '../ui/ansi-text.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Details } from './details.tsx'
import { LevelChips } from './level-chips.tsx'
import { LogList, type LogListHandle } from './log-list.tsx'
import { PauseButton } from './pause-button.tsx'
import { QueryBar } from './query-bar.tsx'
import { isHole } from './rows.ts'
import { SourceFilter } from './source-filter.tsx'
import { useCounts } from './use-counts.ts'
import { useLogFeed, useSnapshot } from './use-log-feed.ts'
import { composeQuery, formatView, parseView, positionInText, searchTerms, type LogView } from './view.ts'
import { ViewOptions } from './view-options.tsx'

export function LogsPage(): ReactElement {
  const [search, setSearch] = useSearchText()
  const view = useMemo(() => parseView(search), [search])
  const [following, setFollowing] = useState(view.at === undefined)
  const [selected, setSelected] = useState<{ place: number; record: LogRecord; open: boolean }>()
  const mode = view.paused ? 'paused' : following ? 'follow' : 'read'
  const query = composeQuery(view)
  const feed = useLogFeed(query, view.at, mode)
  const snapshot = useSnapshot(feed)
  const counts = useCounts(feed)
  const list = useRef<LogListHandle>(null)
  const input = useRef<HTMLInputElement>(null)
  const mark = useMemo(() => markPattern(searchTerms(view.q)), [view.q])

  const change = useCallback(
    (next: Partial<LogView>) => {
      // Another filter is another list: lines are looked at anew, from the newest.
      if (Object.keys(next).some((key) => !['wrap', 'paused', 'at'].includes(key))) {
        setFollowing(true)
        setSelected((now) => now && { ...now, place: -1 })
        next = { at: undefined, ...next }
      }
      setSearch(formatView({ ...view, ...next }))
    },
    [view, setSearch],
  )
  const apply = useCallback((q: string) => change({ q }), [change])

  const toNewest = (): void => {
    setFollowing(true)
    setSelected(undefined)
    if (view.at !== undefined || view.paused) change({ at: undefined, paused: false })
  }
  const togglePause = (): void => {
    if (view.paused && view.at === undefined) setFollowing(true)
    change({ paused: !view.paused })
  }
  const select = useCallback(
    (place: number, open = true) => {
      const now = feed?.snapshot()
      const row = now?.rows[place - now.first]
      if (row && !isHole(row)) setSelected({ place, record: row, open })
    },
    [feed],
  )
  const step = (by: number): void => {
    const { rows, first } = snapshot
    let index =
      selected && selected.place >= 0 ? selected.place - first + by : (list.current?.lastVisible() ?? first) - first
    while (rows[index] && isHole(rows[index]!)) index += by
    if (!rows[index]) return
    setFollowing(false)
    select(first + index, selected?.open ?? false)
    list.current?.scrollToPlace(first + index)
  }
  const showContext = (id: number): void => {
    setFollowing(false)
    setSelected((now) => now && { ...now, place: -1 })
    setSearch(formatView({ q: '', levels: [], sources: [], wrap: view.wrap, paused: false, at: id }))
  }
  const select_ = useCallback((place: number) => select(place), [select])

  useShortcuts([
    { key: '/', run: () => input.current?.focus() },
    { key: ' ', run: togglePause },
    { key: 'j', run: () => step(1) },
    { key: 'ArrowDown', run: () => step(1) },
    { key: 'k', run: () => step(-1) },
    { key: 'ArrowUp', run: () => step(-1) },
    { key: 'Enter', run: () => selected && setSelected({ ...selected, open: true }) },
    {
      key: 'g',
      run() {
        setFollowing(false)
        list.current?.scrollToPlace(snapshot.first)
        feed?.loadOlder()
      },
    },
    { key: 'G', run: toNewest },
    { key: 'w', run: () => change({ wrap: !view.wrap }) },
    { key: 'Escape', run: () => setSelected(selected?.open ? { ...selected, open: false } : undefined) },
  ])
  useEffect(() => {
    document.title = 'Logs · Logboom'
  }, [])

  const { error, rows, unkept, phase, unseen } = snapshot
  const queryError = error?.code === 'query-invalid' ? error : undefined
  const problem = queryError && {
    message: queryError.message,
    hint: queryError.hint,
    ...(queryError.position ? { position: positionInText(view, queryError.position) } : {}),
  }
  const filtered = query !== ''
  return (
    <div className="relative flex h-full flex-col">
      <h1 className="sr-only">Logs</h1>
      <div className="flex shrink-0 flex-col gap-2 border-b border-line bg-surface px-3 py-2 sm:px-4">
        <div className="flex items-start gap-2">
          <QueryBar ref={input} value={view.q} problem={problem} onApply={apply} />
          <PauseButton paused={view.paused} unseen={unseen} onToggle={togglePause} />
        </div>
        <div className="flex min-w-0 items-center gap-1.5 max-md:overflow-x-auto max-md:[scrollbar-width:none]">
          <SourceFilter selected={view.sources} counts={counts.sources} onChange={(sources) => change({ sources })} />
          <LevelChips selected={view.levels} counts={counts.levels} onChange={(levels) => change({ levels })} />
          <ViewOptions view={view} onChange={change} />
          {filtered || view.at ? (
            <Button onClick={() => change({ q: '', levels: [], sources: [], stream: undefined, since: undefined })}>
              Clear
            </Button>
          ) : null}
          <span className="ml-auto shrink-0 pl-2 text-2xs text-faint tabular-nums" data-testid="log-rate">
            {unkept.length > 0 ? <span className="text-warn">{formatCount(unkept.length)} not kept yet · </span> : null}
            {formatCount(rows.length)} loaded · {formatAmount(counts.perSecond, 'line')}/s
          </span>
        </div>
      </div>
      <div className="relative flex min-h-0 flex-1">
        <div className="relative min-w-0 flex-1 bg-canvas">
          {feed ? (
            <LogList
              ref={list}
              feed={feed}
              snapshot={snapshot}
              mode={mode}
              wrap={view.wrap}
              mark={mark}
              selected={selected?.place}
              at={view.at}
              onSelect={select_}
              onModeChange={(next) => setFollowing(next === 'follow')}
            />
          ) : null}
          {rows.length + unkept.length === 0 && phase !== 'loading' ? (
            <div className="absolute inset-0">
              {error ? (
                <EmptyState
                  icon={TriangleAlert}
                  title={queryError ? 'The query is not understood' : 'The lines could not be fetched'}
                  tone="bad"
                >
                  {queryError ? (
                    <Button look="outline" onClick={() => setSearch({})}>
                      Clear the query
                    </Button>
                  ) : (
                    <p>
                      {error.message} {error.hint}
                    </p>
                  )}
                </EmptyState>
              ) : filtered ? (
                <EmptyState icon={SearchX} title="No line matches">
                  <p>Nothing in the log fits these filters. Lines that do appear here as they come.</p>
                  <Button look="outline" onClick={() => setSearch({})}>
                    Clear the filters
                  </Button>
                </EmptyState>
              ) : (
                <EmptyState icon={ScrollText} title="No lines yet">
                  <p>Everything your processes print appears here the moment they print it.</p>
                </EmptyState>
              )}
            </div>
          ) : null}
          {phase === 'loading' ? (
            <div
              className="absolute inset-x-0 top-0 h-0.5 overflow-hidden"
              role="progressbar"
              aria-label="Loading lines"
            >
              <div className="h-full w-1/4 animate-sweep bg-accent" />
            </div>
          ) : null}
          {mode !== 'follow' && rows.length > 0 ? (
            <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
              <button
                type="button"
                data-testid="jump-newest"
                onClick={toNewest}
                className="pointer-events-auto flex animate-rise items-center gap-1.5 rounded-full border border-line bg-raised px-3 py-1.5 text-xs font-medium shadow-float hover:bg-sunken"
              >
                <ArrowDown className="size-3.5" aria-hidden />
                {unseen > 0 ? `${formatCount(unseen)} new` : 'Newest'}
              </button>
            </div>
          ) : null}
        </div>
        {selected?.open ? (
          <Details
            record={selected.record}
            onClose={() => setSelected({ ...selected, open: false })}
            onContext={showContext}
            onNarrow={(term) => change({ q: view.q.trim() === '' ? term : `${view.q.trim()} ${term}` })}
          />
        ) : null}
      </div>
    </div>
  )
}
