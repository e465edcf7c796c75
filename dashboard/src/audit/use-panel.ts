// All that a panel of the Audit page knows: its view in the address, its lines, and how many there are of each level.
import { useCallback, useMemo, useRef, type RefObject } from 'react'
import { useSearchText } from '../app/use-search.ts'
import { useTally, type Tally } from '../logs/feed/use-tally.ts'
import { useLines, type Lines } from '../logs/use-lines.ts'
import { useListState, type ListState } from '../logs/use-list-state.ts'
import { composeQuery } from '../logs/view.ts'
import { formatPanel, parsePanel, type PanelName, type PanelView } from './panel-view.ts'

export interface PanelState {
  name: PanelName
  page: ListState<PanelView>
  lines: Lines
  /** Of all lines that match, whatever their level. */
  tally: Tally | undefined
  input: RefObject<HTMLInputElement | null>
}

const facets = ['level']

export function usePanel(name: PanelName): PanelState {
  const [search, setSearch] = useSearchText()
  const view = useMemo(() => parsePanel(search, name), [search, name])
  const setView = useCallback(
    (next: PanelView) => setSearch(formatPanel(search, name, next)),
    [search, setSearch, name],
  )
  const page = useListState(view, {
    setView,
    clear: () => setView({ ...view, q: '', level: undefined, module: '' }),
  })
  const lines = useLines(page)
  const tally = useTally(composeQuery({ ...view, levels: [] }), facets)
  const input = useRef<HTMLInputElement>(null)
  return { name, page, lines, tally, input }
}
