// Keeps what somebody reads where it is while rows come and go above it, and brings a record that was asked for into the middle.
import type { Virtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, type RefObject } from 'react'
import type { FeedMode } from '../feed/feed-state.ts'
import type { FeedSnapshot, LogFeed } from '../feed/log-feed.ts'
import { rowId } from '../feed/rows.ts'

interface Shown {
  feed: LogFeed
  snapshot: FeedSnapshot
  mode: FeedMode
  /** Id of the record that the view was opened around. */
  at: number | undefined
  rowHeight: number
}

export function useKeptPlace(
  scroller: RefObject<HTMLElement | null>,
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  { feed, snapshot: { rows, first }, mode, at, rowHeight }: Shown,
): void {
  const placed = useRef(first)
  useLayoutEffect(() => {
    const moved = placed.current - first
    placed.current = first
    if (moved !== 0 && mode !== 'follow' && scroller.current) scroller.current.scrollTop += moved * rowHeight
  }, [scroller, first, mode, rowHeight])

  const centred = useRef<unknown>(undefined)
  useLayoutEffect(() => {
    if (at === undefined || centred.current === feed || rows.length === 0) return
    centred.current = feed
    const exact = rows.findIndex((row) => rowId(row) === at)
    const index = exact >= 0 ? exact : rows.findIndex((row) => rowId(row) >= at)
    virtualizer.scrollToIndex(index < 0 ? rows.length - 1 : index, { align: 'center' })
  })
}
