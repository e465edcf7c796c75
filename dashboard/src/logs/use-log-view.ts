// The list of the Logs page, whose view stands in the address bar.
import { useCallback, useMemo } from 'react'
import { useSearchText } from '../app/use-search.ts'
import { useListState, type ListState } from './use-list-state.ts'
import { formatView, parseView, type LogView } from './view.ts'

export interface LogViewState extends ListState {
  /** Shows the lines around this record, of all sources. */
  showContext(id: number): void
}

export function useLogView(): LogViewState {
  const [search, setSearch] = useSearchText()
  const view = useMemo(() => parseView(search), [search])
  const setView = useCallback((next: LogView) => setSearch(formatView(next)), [setSearch])
  const list = useListState(view, { setView, clear: () => setSearch({}) })
  const { selected } = list
  return {
    ...list,
    showContext(id) {
      list.setFollowing(false)
      list.select(selected && { ...selected, place: -1 })
      setSearch(formatView({ q: '', levels: [], sources: [], wrap: view.wrap, paused: false, at: id }))
    },
  }
}
