// The keys of a list of lines.
import type { RefObject } from 'react'
import { useShortcuts, type Shortcut } from '../app/shortcuts.ts'
import { isHole } from './feed/rows.ts'
import type { Lines } from './use-lines.ts'
import type { ListState } from './use-list-state.ts'

/** `isActive`: false where the keys are those of another list. `more` are the page's own, which go first. */
export function useLogKeys(
  page: ListState,
  { feed, snapshot, list }: Lines,
  input: RefObject<HTMLInputElement | null>,
  { isActive = true, more = [] }: { isActive?: boolean; more?: readonly Shortcut[] } = {},
): void {
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

  const keys: Shortcut[] = [
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
    { key: 'o', run: () => page.change({ isByTime: !view.isByTime }) },
    { key: 'Escape', run: () => page.select(selected?.isOpen ? { ...selected, isOpen: false } : undefined) },
  ]
  useShortcuts([...more, ...(isActive ? keys : [])])
}
