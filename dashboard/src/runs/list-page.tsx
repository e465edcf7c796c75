// The frame of the lists: jobs, runs and sessions as three tabs, their filters, and what stands in place of an empty list.
import { Link } from '@tanstack/react-router'
import { SearchX, TriangleAlert, X } from 'lucide-react'
import { useCallback, useEffect, useRef, type ReactElement, type ReactNode } from 'react'
import { useShortcuts } from '../app/shortcuts.ts'
import { useSearchText, type SearchText } from '../app/use-search.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import { LoadingBar } from '../logs/list/log-cover.tsx'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/fields/choice.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { SearchField } from '../ui/fields/search-field.tsx'
import { useTyped } from '../ui/use-typed.ts'
import type { PagedList } from './use-shown-list.ts'

export interface ListFilters {
  search: SearchText
  change(name: string, value: string): void
  clear(): void
}

export function useListFilters(): ListFilters {
  const [search, setSearch] = useSearchText()
  const change = useCallback(
    (name: string, value: string) => {
      const { [name]: _, ...others } = search
      setSearch(value === '' ? others : { ...others, [name]: value })
    },
    [search, setSearch],
  )
  return { search, change, clear: () => setSearch({}) }
}

/** Part of a name as the hub's pattern for it. */
export function patternOf(text: string | undefined): string | undefined {
  const name = text?.trim()
  return !name ? undefined : name.includes('*') ? name : `*${name}*`
}

interface ListPageProps<Row> {
  title: 'Jobs' | 'Runs' | 'Sessions'
  filters: ListFilters
  statuses: readonly string[]
  /** Names of filters that take a part of a name, with what they are called. */
  names: readonly [name: string, label: string][]
  paged: PagedList<Row>
  empty: ReactElement
  children(rows: readonly Row[]): ReactNode
}

const tabs = [
  ['Jobs', '/jobs'],
  ['Runs', '/runs'],
  ['Sessions', '/runs/sessions'],
] as const

export function ListPage<Row>(props: ListPageProps<Row>): ReactElement {
  const { title, filters, statuses, names, paged, empty, children } = props
  const { search, change, clear } = filters
  const { list, error, isLoadingOlder, loadOlder } = paged
  const body = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLDivElement>(null)
  useRowKeys(body)
  useShortcuts([{ key: '/', run: () => field.current?.querySelector('input')?.focus() }])
  useEffect(() => {
    document.title = `${title} · Logboom`
  }, [title])
  const session = search['session']
  return (
    <div className="flex h-full flex-col">
      <h1 className="sr-only">{title}</h1>
      <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-surface px-3 py-2 sm:px-4">
        <nav aria-label="Lists" className="flex h-7 overflow-hidden rounded-md border border-line">
          {tabs.map(([name, to]) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: true, includeSearch: false }}
              className="flex items-center border-r border-line px-2.5 text-xs text-soft last:border-r-0 hover:bg-hover aria-[current=page]:bg-active aria-[current=page]:font-medium aria-[current=page]:text-text"
            >
              {name}
            </Link>
          ))}
        </nav>
        <div ref={field} className="flex min-w-0 flex-wrap items-center gap-1.5 max-sm:w-full">
          {names.map(([name, label]) => (
            <NameFilter key={name} name={name} label={label} value={search[name] ?? ''} onChange={change} />
          ))}
          <Choice
            label="Status"
            testId="status-filter"
            value={search['status'] ?? ''}
            choices={[
              ['', 'Any status'],
              ...statuses.map((status): [string, string] => [status, status.replaceAll('_', ' ')]),
            ]}
            onChange={(value) => change('status', value)}
          />
          {session ? (
            <Button look="outline" onClick={() => change('session', '')} data-testid="session-filter">
              <span className="max-w-60 truncate font-mono">{session}</span>
              <X aria-label="Of all sessions" />
            </Button>
          ) : null}
        </div>
        <Granted />
      </div>
      <div ref={body} className="relative min-h-0 flex-1 overflow-y-auto" data-testid="run-list">
        {list === undefined && !error ? <LoadingBar /> : null}
        {error ? (
          <p role="alert" className="border-b border-line bg-bad/8 px-4 py-2 text-xs">
            {error.message} <span className="text-soft">{error.hint}</span>
          </p>
        ) : null}
        {list && list.rows.length > 0 ? children(list.rows) : null}
        {list?.rows.length === 0 ? (
          Object.keys(search).length > 0 ? (
            <EmptyState icon={SearchX} title={`No ${title.slice(0, -1).toLowerCase()} matches`}>
              <Button look="outline" onClick={clear}>
                Clear the filters
              </Button>
            </EmptyState>
          ) : (
            empty
          )
        ) : null}
        {list?.past === undefined ? null : (
          <div className="flex justify-center p-3">
            <Button look="outline" pending={isLoadingOlder} onClick={loadOlder} data-testid="show-older">
              Show older
            </Button>
          </div>
        )}
      </div>
    </div>
  )
}

interface NameFilterProps {
  name: string
  label: string
  value: string
  onChange(name: string, value: string): void
}

function NameFilter({ name, label, value, onChange }: NameFilterProps): ReactElement {
  const apply = useCallback((text: string) => onChange(name, text), [name, onChange])
  const [text, setText] = useTyped(value, apply)
  return (
    <SearchField
      value={text}
      onChange={setText}
      label={label}
      data-testid={`${name}-filter`}
      className="w-24 grow sm:w-44 sm:grow-0"
    />
  )
}

/** The limits of what is listed, for those who have some. */
function Granted(): ReactElement | null {
  const me = useStore(useHub().me)
  if (!me || me.within === '') return null
  return (
    <span className="ml-auto flex min-w-0 items-center gap-1.5 text-2xs text-faint" title={me.within}>
      <TriangleAlert className="size-3 shrink-0" aria-hidden />
      <span className="truncate">You see what is granted to {me.name}; the rest is not listed</span>
    </span>
  )
}

/** `j` and `k` go along the links of rows; Enter is the link's own. */
function useRowKeys(body: { current: HTMLElement | null }): void {
  const step = (by: number): void => {
    const links = [...(body.current?.querySelectorAll<HTMLElement>('a[data-row]') ?? [])]
    const now = links.indexOf(document.activeElement as HTMLElement)
    links[now < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, now + by))]?.focus()
  }
  useShortcuts([
    { key: 'j', run: () => step(1) },
    { key: 'ArrowDown', run: () => step(1) },
    { key: 'k', run: () => step(-1) },
    { key: 'ArrowUp', run: () => step(-1) },
  ])
}
