// The lines of a run, by stream: followed while they come, searched, downloaded, on the whole screen.
import { useNavigate } from '@tanstack/react-router'
import { Hourglass } from 'lucide-react'
import { useCallback, useMemo, useRef, type ReactElement } from 'react'
import type { CountedRunView } from '../../../src/client/index.ts'
import { useSearchText } from '../app/use-search.ts'
import { useHub } from '../hub/hub-context.tsx'
import { Details } from '../logs/details.tsx'
import { isHole } from '../logs/feed/rows.ts'
import { useCounts } from '../logs/feed/use-counts.ts'
import { useTally } from '../logs/feed/use-tally.ts'
import { ListFoot } from '../logs/list/list-foot.tsx'
import { LogPane } from '../logs/list/log-pane.tsx'
import { useLines } from '../logs/use-lines.ts'
import { useListState } from '../logs/use-list-state.ts'
import { useLogKeys } from '../logs/use-log-keys.ts'
import { composeQuery, formatView, parseView, quoted, type LogView } from '../logs/view.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Started } from '../ui/when.tsx'
import { RunToolbar } from './run-toolbar.tsx'
import { streamRow } from './stream-row.tsx'
import { useFullScreen } from './use-full-screen.ts'

const facets = ['stream']

export function RunLines({ run }: { run: CountedRunView }): ReactElement {
  const { source, run: number, startedAt, endedAt } = run
  const { client } = useHub()
  const navigate = useNavigate()
  const [search, setSearch] = useSearchText()
  const scope = `source:${quoted(source)} run:${number}`
  const view = useMemo((): LogView => ({ ...parseView(search), sources: [], scope }), [search, scope])
  const setView = useCallback((next: LogView) => setSearch(formatView(next)), [setSearch])
  const page = useListState(view, { setView, clear: () => setSearch({}) })
  const lines = useLines(page)
  const { perSecond } = useCounts(lines.feed)
  const tally = useTally(`${scope} -kind:event -kind:gap`, facets)
  const screen = useRef<HTMLElement>(null)
  const fullScreen = useFullScreen(screen)
  const input = useRef<HTMLInputElement>(null)
  const download = useRef<HTMLAnchorElement>(null)
  const { selected, select, change } = page

  const toggleFollowing = (): void => (page.mode === 'follow' ? page.setFollowing(false) : page.toNewest())
  /** Goes on at the other end. */
  const toStderr = (by: 1 | -1): void => {
    const { rows, first } = lines.snapshot
    const now = selected && selected.place >= 0 ? selected.place - first : by > 0 ? -1 : rows.length
    for (let step = 1; step <= rows.length; step++) {
      const index = (now + by * step + 2 * rows.length) % rows.length
      const record = rows[index]!
      if (isHole(record) || record.stream !== 'stderr') continue
      page.setFollowing(false)
      select({ place: first + index, record, isOpen: selected?.isOpen ?? false })
      lines.list.current?.scrollToPlace(first + index)
      return
    }
  }
  useLogKeys(page, lines, input, {
    more: [
      { key: 'f', run: toggleFollowing },
      { key: 'F', run: fullScreen.toggle },
      { key: 'e', run: () => toStderr(1) },
      { key: 'E', run: () => toStderr(-1) },
      { key: 'd', run: () => download.current?.click() },
    ],
  })

  return (
    <section ref={screen} aria-label="Lines" className="relative flex min-h-0 flex-1 flex-col bg-canvas">
      <RunToolbar
        page={page}
        lines={lines}
        counts={tally?.by.get('stream')}
        input={input}
        downloadLink={download}
        downloadUrl={client.exportUrl({ query: composeQuery(view), format: 'text' })}
        fullScreen={fullScreen}
        onFollow={toggleFollowing}
        onStderr={toStderr}
      />
      <div className="relative flex min-h-0 flex-1">
        <LogPane
          page={page}
          lines={lines}
          form={streamRow}
          empty={<NoLines startedAt={startedAt} endedAt={endedAt} />}
        />
        {selected?.isOpen ? (
          <Details
            record={selected.record}
            onClose={() => select({ ...selected, isOpen: false })}
            onContext={(id) => void navigate({ to: '/logs', search: { at: String(id) } })}
            onNarrow={(term) => change({ q: `${view.q} ${term}`.trim() })}
          />
        ) : null}
      </div>
      <ListFoot
        mode={page.mode}
        snapshot={lines.snapshot}
        perSecond={perSecond}
        liveText={endedAt === undefined ? 'Live' : 'Ended; nothing more comes'}
      >
        {page.mode === 'follow' && endedAt === undefined ? 'Following the newest line' : null}
      </ListFoot>
    </section>
  )
}

function NoLines({ startedAt, endedAt }: Pick<CountedRunView, 'startedAt' | 'endedAt'>): ReactElement {
  if (endedAt !== undefined)
    return (
      <EmptyState icon={Hourglass} title="It said nothing">
        <p>It is over, and no line of it came.</p>
      </EmptyState>
    )
  return (
    <EmptyState icon={Hourglass} title="No line yet">
      <p>
        Started <Started at={startedAt} />. Its lines appear here as they come.
      </p>
    </EmptyState>
  )
}
