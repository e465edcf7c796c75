// The keys of the Logs page.
import type { RefObject } from 'react'
import { useShortcuts } from '../app/shortcuts.ts'
import type { FeedSnapshot, LogFeed } from './feed/log-feed.ts'
import type { LogListHandle } from './log-list.tsx'
import { isHole } from './feed/rows.ts'
import type { LogViewState } from './use-log-view.ts'

interface KeyTargets {
  feed: LogFeed | undefined
  snapshot: FeedSnapshot
  list: RefObject<LogListHandle | null>
  input: RefObject<HTMLInputElement | null>
}

export function useLogKeys(page: LogViewState, { feed, snapshot, list, input }: KeyTargets): void {
  const { view, selected } = page
  const { rows, first } = snapshot

  function step(by: number): void {
    const isInList = selected !== undefined && selected.place >= 0
    let index = isInList ? selected.place - first + by : (list.current?.lastVisible() ?? first) - first
    let row = rows[index]
    while (row && isHole(row)) row = rows[(index += by)]
    if (!row) return
    page.setFollowing(false)
    page.select({ place: first + index, record: row, isOpen: selected?.isOpen ?? false })
    list.current?.scrollToPlace(first + index)
  }

  function toOldest(): void {
    page.setFollowing(false)
    list.current?.scrollToPlace(first)
    feed?.loadOlder()
  }

  useShortcuts([
    { key: '/', run: () => input.current?.focus() },
    { key: ' ', run: page.togglePause },
    { key: 'j', run: () => step(1) },
    { key: 'ArrowDown', run: () => step(1) },
    { key: 'k', run: () => step(-1) },
    { key: 'ArrowUp', run: () => step(-1) },
    { key: 'Enter', run: () => selected && page.select({ ...selected, isOpen: true }) },
    { key: 'g', run: toOldest },
    { key: 'G', run: page.toNewest },
    { key: 'w', run: () => page.change({ wrap: !view.wrap }) },
    { key: 'Escape', run: () => page.select(selected?.isOpen ? { ...selected, isOpen: false } : undefined) },
  ])
}
