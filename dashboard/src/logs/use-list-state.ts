// A list of lines as somebody uses it: its view, whether the newest is followed, and the line that is selected; changing one changes
// the others.
import { useCallback, useState } from 'react'
import type { LogRecord } from '../../../src/contracts/record.ts'
import type { FeedMode } from './feed/feed-state.ts'
import type { LogView } from './view.ts'

export interface Selected {
  /** Number of the row; -1: the row is in another list, and only the record is shown. */
  place: number
  record: LogRecord
  /** Details are shown. */
  isOpen: boolean
}

export interface ListState<View extends LogView = LogView> {
  view: View
  mode: FeedMode
  selected: Selected | undefined
  change(next: Partial<View>): void
  /** Back to the view without any filter. */
  clear(): void
  setFollowing(isFollowing: boolean): void
  select(selected: Selected | undefined): void
  toNewest(): void
  togglePause(): void
}

/** Changes of these alone leave the list as it is. */
const sameList = new Set(['wrap', 'paused', 'at'])

/** `setView` keeps what is given, in the address; both it and `clear` are the page's. */
export function useListState<View extends LogView>(
  view: View,
  { setView, clear }: { setView(view: View): void; clear(): void },
): ListState<View> {
  const [isFollowing, setFollowing] = useState(view.at === undefined)
  const [selected, select] = useState<Selected>()

  const change = useCallback(
    (next: Partial<View>) => {
      const isOtherList = Object.keys(next).some((key) => !sameList.has(key))
      if (isOtherList) {
        setFollowing(true)
        select((now) => now && { ...now, place: -1 })
      }
      setView({ ...view, ...(isOtherList ? { at: undefined } : {}), ...next })
    },
    [view, setView],
  )
  return {
    view,
    mode: view.paused ? 'paused' : isFollowing ? 'follow' : 'read',
    selected,
    change,
    clear,
    setFollowing,
    select,
    toNewest() {
      setFollowing(true)
      select(undefined)
      if (view.at !== undefined || view.paused) setView({ ...view, at: undefined, paused: false })
    },
    togglePause() {
      if (view.paused && view.at === undefined) setFollowing(true)
      setView({ ...view, paused: !view.paused })
    },
  }
}
