// A dialect on a WebSocket: its lines are those that whoever asks may follow.
import type { Caller } from '../../contracts/caller.ts'
import type { Dialect } from '../../contracts/dialect.ts'
import { serveDialect, type DialectSettings, type LineView } from '../../dialects/serve-dialect.ts'
import type { Feed } from '../../live/feed.ts'
import { openFollow } from '../../live/follow.ts'

import type { RecentLines } from '../../live/recent-lines.ts'
import { compileQuery } from '../../query/match/compile-query.ts'
import { openAllowance } from '../bounds/allowance.ts'
import { followRequests } from '../bounds/limits.ts'
import type { ServedSocket, SocketHandler } from './served-socket.ts'
import { openFrameWriter } from './frame-writer.ts'

export interface DialectOptions {
  viewOf(caller: Caller): LineView
  settings: DialectSettings
}

export function dialectHandler(dialect: Dialect, { viewOf, settings }: DialectOptions): SocketHandler {
  return (served) => serveDialect(dialect, dialectSocket(served), viewOf(served.caller), settings)
}

/** The one place by which dialects come to lines: none that the caller may not see. */
export function lineView({ feed, recent }: { feed: Feed; recent: RecentLines }, { within }: Caller): LineView {
  return {
    follow: (request, out, form) => openFollow({ ...request, within }, feed, out, form),
    // Async, so that a wrong query rejects.
    recent: async (which, query, shown) =>
      recent.read(which, compileQuery(feed.parse({ query, within: feed.limit({ within, shown }) }))),
  }
}

function dialectSocket(served: ServedSocket) {
  const { socket, request, alive, tell, dismiss } = served
  const isOpen = (): boolean => socket.readyState === socket.OPEN
  return {
    parameters: new URLSearchParams(request.url!.split('?')[1] ?? ''),
    isCompressed: socket.extensions.includes('permessage-deflate'),
    send(text: string) {
      if (isOpen()) socket.send(text, alive)
    },
    openWriter: (taken: () => void) => openFrameWriter(served, taken),
    pendingBytes: () => (isOpen() ? socket.bufferedAmount : Infinity),
    tell,
    dismiss,
    mayAsk: openAllowance(followRequests),
    onMessage: (listener: (text: string) => void) =>
      void socket.on('message', (data: Buffer, isBinary) => {
        if (!isBinary) listener(data.toString())
      }),
    onClose: (listener: () => void) => void socket.on('close', listener),
  }
}
