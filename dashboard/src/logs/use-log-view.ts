// The view in the address bar, whether the newest is followed, and the line that is selected: changing one changes the others.
import { useCallback, useMemo, useState } from 'react'
import type { LogRecord } from '../../../src/contracts/record.ts'
import { useSearchText } from '../app/use-search.ts'
import type { FeedMode } from './feed/feed-state.ts'
import { formatView, parseView, type LogView } from './view.ts'

export interface Selected {
  /** Number of the row; -1: the row is in another list, and only the record is shown. */
  place: number
  record: LogRecord
  /** Details are shown. */
  isOpen: boolean
}

export interface LogViewState {
  view: LogView
  mode: FeedMode
  selected: Selected | undefined
  change(next: Partial<LogView>): void
  clear(): void
  setFollowing(isFollowing: boolean): void
  select(selected: Selected | undefined): void
  toNewest(): void
  togglePause(): void
  /** Shows the lines around this record, of all sources. */
  showContext(id: number): void
}

/** Changes of these alone leave the list as it is. */
const sameList = new Set(['wrap', 'paused', 'at'])

export function useLogView(): LogViewState {
  const [search, setSearch] = useSearchText()
  const view = useMemo(() => parseView(search), [search])
  const [isFollowing, setFollowing] = useState(view.at === undefined)
  const [selected, select] = useState<Selected>()

  const change = useCallback(
    (next: Partial<LogView>) => {
      const isOtherList = Object.keys(next).some((key) => !sameList.has(key))
      if (isOtherList) {
        setFollowing(true)
        select((now) => now && { ...now, place: -1 })
      }
      setSearch(formatView({ ...view, ...(isOtherList ? { at: undefined } : {}), ...next }))
    },
    [view, setSearch],
  )
  return {
    view,
    mode: view.paused ? 'paused' : isFollowing ? 'follow' : 'read',
    selected,
    change,
    clear: () => setSearch({}),
    setFollowing,
    select,
    toNewest() {
      setFollowing(true)
      select(undefined)
      if (view.at !== undefined || view.paused) change({ at: undefined, paused: false })
    },
    togglePause() {
      if (view.paused && view.at === undefined) setFollowing(true)
      change({ paused: !view.paused })
    },
    showContext(id) {
      setFollowing(false)
      select((now) => now && { ...now, place: -1 })
      setSearch(formatView({ q: '', levels: [], sources: [], wrap: view.wrap, paused: false, at: id }))
    },
  }
}
