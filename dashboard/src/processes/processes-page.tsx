// The page of cards: every source at a glance, counts by state, a quick filter, and buttons for all that it shows.
import { Boxes, SearchX } from 'lucide-react'
import { useEffect, useRef, type ReactElement } from 'react'
import { HiddenNote } from '../access/hidden-note.tsx'
import { useShortcuts } from '../app/shortcuts.ts'
import { useSearchText } from '../app/use-search.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import { Button } from '../ui/button.tsx'
import { Code } from '../ui/code.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { SearchField } from '../ui/fields/search-field.tsx'
import { BulkActions } from './bulk-actions.tsx'
import { ProcessGroups } from './process-groups.tsx'
import { StateCounts } from './state-counts.tsx'

export function ProcessesPage(): ReactElement {
  const hub = useHub()
  const names = useStore(hub.names)
  const states = useStore(hub.states)
  const groups = useStore(hub.groups)
  const info = useStore(hub.hub)
  const me = useStore(hub.me)
  const [search, setSearch] = useSearchText()
  const field = useRef<HTMLInputElement>(null)
  useShortcuts([{ key: '/', run: () => field.current?.focus() }])
  useEffect(() => {
    document.title = 'Processes · Logboom'
  }, [])

  const text = (search['q'] ?? '').toLowerCase()
  const state = search['state']
  const shown = names.filter(
    (name) =>
      (!state || states[name] === state) &&
      (text === '' || `${name} ${hub.source(name).get()?.title}`.toLowerCase().includes(text)),
  )
  const change = (key: string, value: string): void => {
    const { [key]: _, ...rest } = search
    setSearch(value === '' ? rest : { ...rest, [key]: value })
  }
  const processes = shown.filter((name) => hub.source(name).get()?.isControllable)
  const isGrouped = Object.keys(groups).length > 0
  const [columns, logClass] = (isGrouped ? undefined : layouts[names.length]) ?? grid

  return (
    <div className="flex h-full flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 px-3 pt-3 pb-2 sm:px-4">
        <h1 className="sr-only">Processes</h1>
        <StateCounts states={states} selected={state} onSelect={(next) => change('state', next ?? '')} />
        {processes.length > 1 ? <BulkActions whom={`all ${processes.length} shown`} targets={processes} /> : null}
        <SearchField
          ref={field}
          value={search['q'] ?? ''}
          onChange={(value) => change('q', value)}
          label="Filter by name"
          data-testid="process-filter"
          className="ml-auto w-full sm:w-56"
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-3 pb-4 sm:px-4" data-testid="process-list">
        {shown.length > 0 ? (
          <ProcessGroups names={shown} groups={groups} columns={columns} logClass={logClass} />
        ) : names.length > 0 ? (
          <EmptyState icon={SearchX} title="No process matches">
            <Button look="outline" onClick={() => setSearch({})}>
              Show all {names.length}
            </Button>
          </EmptyState>
        ) : info && me?.within ? (
          <EmptyState icon={Boxes} title="No process is shown to you">
            <HiddenNote />
          </EmptyState>
        ) : info ? (
          <EmptyState icon={Boxes} title="No processes yet">
            <p>
              Name them in <Code>logboom.config.ts</Code> or a <Code>Procfile</Code> and start with{' '}
              <Code>logboom up</Code>, or run one command with <Code>logboom run -- npm run dev</Code>.
            </p>
          </EmptyState>
        ) : null}
      </div>
    </div>
  )
}

/** Few processes get wide cards with many lines, many get a dense grid. */
const layouts: [columns: string, logClass: string][] = [
  ['', ''],
  ['grid-cols-1', 'h-[max(176px,calc(100dvh-258px))]'],
  ['grid-cols-1 lg:grid-cols-2', 'h-44 lg:h-[max(176px,calc(100dvh-258px))]'],
  ['grid-cols-1 md:grid-cols-2 xl:grid-cols-3', 'h-44 xl:h-[max(176px,calc(100dvh-258px))]'],
  ['grid-cols-1 md:grid-cols-2', 'h-44 md:h-[max(176px,calc(50dvh-208px))]'],
  ['grid-cols-1 md:grid-cols-2 xl:grid-cols-3', 'h-44 xl:h-[max(176px,calc(50dvh-208px))]'],
  ['grid-cols-1 md:grid-cols-2 xl:grid-cols-3', 'h-44 xl:h-[max(176px,calc(50dvh-208px))]'],
]
const grid: [columns: string, logClass: string] = ['grid-cols-[repeat(auto-fill,minmax(min(100%,400px),1fr))]', 'h-44']
