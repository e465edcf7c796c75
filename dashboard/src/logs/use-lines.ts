// The lines of a view: the feed that brings them, what it has, and what their list needs beside it.
import { useMemo, useRef, type RefObject } from 'react'
import { markPattern } from '../ui/ansi-text.tsx'
import type { FeedSnapshot, LogFeed } from './feed/log-feed.ts'
import { useLogFeed, useSnapshot } from './feed/use-log-feed.ts'
import type { ListState } from './use-list-state.ts'
import { composeQuery, searchTerms } from './view.ts'

/** The list as others move it. */
export interface LogListHandle {
  scrollToPlace(place: number): void
  /** Place of the last row in sight. */
  lastVisible(): number | undefined
}

export interface Lines {
  feed: LogFeed | undefined
  snapshot: FeedSnapshot
  list: RefObject<LogListHandle | null>
  /** Of what is searched for, to be marked in messages. */
  mark: RegExp | undefined
}

export function useLines({ view, mode }: Pick<ListState, 'view' | 'mode'>): Lines {
  const feed = useLogFeed({ query: composeQuery(view), at: view.at, isByTime: view.isByTime === true }, mode)
  const snapshot = useSnapshot(feed)
  const list = useRef<LogListHandle>(null)
  const mark = useMemo(() => markPattern(searchTerms(view.q)), [view.q])
  return { feed, snapshot, list, mark }
}
