// Everything that streams by a dialect, put together: the lines in memory, WebSockets, Socket.IO.
import type { Caller } from '../../contracts/caller.ts'
import type { Job, JobAccess, Jobs } from '../../contracts/job.ts'
import { dialects } from '../../dialects/index.ts'
import type { LineView } from '../../dialects/serve-dialect.ts'
import type { Feed } from '../../live/feed.ts'
import { usuallyShown, type Shown } from '../../live/shown/shown.ts'
import { openRecentLines } from '../../live/recent-lines.ts'
import { admit } from '../admit.ts'
import { openAllowance } from '../bounds/allowance.ts'
import { followRequests, maxRequestBytes } from '../bounds/limits.ts'
import type { Streams } from '../bounds/streams.ts'
import type { ServedHub } from '../hub-interface.ts'
import type { SocketHandler } from './served-socket.ts'
import { dialectHandler, lineView } from './dialect-websocket.ts'
import { openSocketIoDoor, socketIoPaths, type SocketIoDoor } from './socket-io-door.ts'

/** Settings of the dialects (SPEC C7). */
export interface StreamSettings {
  shown: Shown
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
  close(): void
}

const defaults: StreamSettings = {
  shown: usuallyShown,
  isStreaming: true,
  maxMemoryLogs: 1000,
  deduplicationWindowMs: 30_000,
  silenceMs: 30_000,
}

const noJobs: Jobs = {
  find: () => undefined,
  list: () => [],
  onChange: () => () => undefined,
  onRegister: () => () => undefined,
}

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
  const { services } = hub.storage
  const settings = { ...defaults, ...given, services, session: hub.status().hub.session }
  const recent = openRecentLines({
    storage: hub.storage,
    maxEntries: settings.maxMemoryLogs,
    sources: () => [...hub.sources.keys()],
  })
  const viewOf = (caller: Caller): LineView => lineView({ feed, recent }, caller)
  const socketIo = openSocketIoDoor({
    jobs,
    settings,
    admit(headers) {
      const caller = admit(hub.access, headers, 'viewer')
      return {
        view: viewOf(caller),
        accessTo: (job, asking) => accessToJob(caller, job, asking),
        mayAsk: openAllowance(followRequests),
        watch: (changed) => hub.access.watch(caller, changed),
      }
    },
    enter: streams.enter,
    maxMessageBytes: maxRequestBytes,
  })
  return {
    handlers: Object.fromEntries(
      dialects.flatMap((dialect) => dialect.paths.map((path) => [path, dialectHandler(dialect, { viewOf, settings })])),
    ),
    socketIo,
    close() {
      recent.close()
      void socketIo.close()
    },
  }
}

/** Without users a client is believed in what it says of itself, and sees no job that it says is another's. */
function accessToJob(caller: Caller, { source, userId }: Job, asking: string | undefined): JobAccess {
  if (caller.kind === 'local')
    return userId === undefined || asking === undefined || userId === asking ? 'granted' : 'denied'
  if (!caller.mayRead(source, 'system', userId ?? '')) return 'hidden'
  return caller.kind === 'user' && asking !== undefined && asking !== caller.name ? 'denied' : 'granted'
}
