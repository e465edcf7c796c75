// Everything that streams by a dialect, put together: the lines in memory, WebSockets, Socket.IO.
import type { Jobs } from '../../contracts/job.ts'
import type { SeverityName } from '../../contracts/record.ts'
import { dialects } from '../../dialects/index.ts'
import type { Feed } from '../../live/feed.ts'
import { openRecentLines } from '../../live/recent-lines.ts'
import { maxRequestBytes } from '../bounds/limits.ts'
import type { Streams } from '../bounds/streams.ts'
import type { ServedHub } from '../hub-interface.ts'
import type { SocketHandler } from '../upgrades.ts'
import { dialectHandler, lineView } from './dialect-websocket.ts'
import { openSocketIoDoor, socketIoPaths, type SocketIoDoor } from './socket-io-door.ts'

/** Settings of the dialects (SPEC C7). */
export interface StreamSettings {
  level: SeverityName
  serviceNames: Readonly<Record<string, string>>
  /** Off: their clients are served, and get no lines. */
  isStreaming: boolean
  maxMemoryLogs: number
  deduplicationWindowMs: number
  /** After so long without a message comes a dialect's own. */
  silenceMs: number
}

export interface Streaming {
  /** By path. */
  handlers: Readonly<Record<string, SocketHandler>>
  socketIo: SocketIoDoor
  close(): Promise<void>
}

const defaults: StreamSettings = {
  level: 'INFO',
  serviceNames: {},
  isStreaming: true,
  maxMemoryLogs: 1000,
  deduplicationWindowMs: 30_000,
  silenceMs: 30_000,
}

const noJobs: Jobs = { find: () => undefined, list: () => [], onChange: () => () => undefined }

/** Paths of dialects. */
export const dialectPaths: readonly string[] = [...dialects.flatMap(({ paths }) => paths), ...socketIoPaths]

export interface StreamingOptions {
  feed: Feed
  streams: Streams
  jobs?: Jobs | undefined
  settings?: Partial<StreamSettings> | undefined
}

export function openStreaming(
  hub: ServedHub,
  { feed, streams, jobs = noJobs, settings: given }: StreamingOptions,
): Streaming {
  const settings = { ...defaults, ...given, session: hub.status().hub.session }
  const recent = openRecentLines({
    storage: hub.storage,
    maxEntries: settings.maxMemoryLogs,
    sources: () => [...hub.sources.keys()],
  })
  const view = lineView({ feed, recent })
  const socketIo = openSocketIoDoor({
    jobs,
    settings,
    viewOf: () => view,
    enter: streams.enter,
    maxMessageBytes: maxRequestBytes,
  })
  return {
    handlers: Object.fromEntries(
      dialects.flatMap((dialect) => dialect.paths.map((path) => [path, dialectHandler(dialect, { view, settings })])),
    ),
    socketIo,
    async close() {
      recent.close()
      await socketIo.close()
    },
  }
}
