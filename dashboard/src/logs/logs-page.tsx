// The page of lines: search and live in one. What it shows stands in the address bar.
import { HiddenNote } from '../access/hidden-note.tsx'
import { ScrollText } from 'lucide-react'
import { useEffect, useRef, type ReactElement } from 'react'
import { EmptyState } from '../ui/empty-state.tsx'
import { Details } from './details.tsx'
import { useCounts } from './feed/use-counts.ts'
import { LogPane } from './list/log-pane.tsx'
import { LogToolbar } from './log-toolbar.tsx'
import { useLines } from './use-lines.ts'
import { useLogKeys } from './use-log-keys.ts'
import { useLogView } from './use-log-view.ts'

export function LogsPage(): ReactElement {
  const page = useLogView()
  const { view, selected, select, change } = page
  const lines = useLines(page)
  const counts = useCounts(lines.feed)
  const input = useRef<HTMLInputElement>(null)
  useLogKeys(page, lines, input)
  useEffect(() => {
    document.title = 'Logs · Logboom'
  }, [])

  return (
    <div className="relative flex h-full flex-col">
      <h1 className="sr-only">Logs</h1>
      <LogToolbar page={page} snapshot={lines.snapshot} counts={counts} input={input} />
      <div className="relative flex min-h-0 flex-1">
        <LogPane page={page} lines={lines} empty={noLines} />
        {selected?.isOpen ? (
          <Details
            record={selected.record}
            onClose={() => select({ ...selected, isOpen: false })}
            onContext={page.showContext}
            onNarrow={(term) => change({ q: `${view.q} ${term}`.trim() })}
          />
        ) : null}
      </div>
    </div>
  )
}

const noLines = (
  <EmptyState icon={ScrollText} title="No lines yet">
    <p>Everything your processes print appears here the moment they print it.</p>
    <HiddenNote />
  </EmptyState>
)
