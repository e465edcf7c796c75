// The feed that belongs to the view in the address bar, and its snapshots for React.
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useHub } from '../../hub/hub-context.tsx'
import type { FeedMode } from './feed-state.ts'
import { openTimeFeed } from './time-feed.ts'
import { openLogFeed, type FeedSnapshot, type LogFeed } from './log-feed.ts'

const blank: FeedSnapshot = {
  rows: [],
  first: 0,
  version: 0,
  unkept: [],
  phase: 'loading',
  unseen: 0,
  arrived: 0,
  older: 'idle',
  newer: 'idle',
  isLost: false,
}
const nothing = { snapshot: () => blank, subscribe: () => () => undefined }

export function useLogFeed(
  { query, at, isByTime }: { query: string; at: number | undefined; isByTime: boolean },
  mode: FeedMode,
): LogFeed | undefined {
  const { client } = useHub()
  const [feed, setFeed] = useState<LogFeed>()
  useEffect(() => {
    const open = isByTime ? openTimeFeed : openLogFeed
    const opened = open({ client, query, ...(at === undefined ? {} : { at }) })
    setFeed(opened)
    return () => opened.close()
  }, [client, query, at, isByTime])
  useEffect(() => feed?.setMode(mode), [feed, mode])
  return feed
}

export function useSnapshot(feed: LogFeed | undefined): FeedSnapshot {
  const { subscribe, snapshot } = feed ?? nothing
  return useSyncExternalStore(subscribe, snapshot)
}
