// Follow as server-sent events: for curl, EventSource and proxies that know no WebSocket.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { openFollow } from '../../live/follow.ts'
import type { FollowOut } from '../../live/follower.ts'
import type { Access } from '../../access/open-access.ts'
import type { Feed } from '../../live/feed.ts'
import type { FollowRequest } from '../../wire/follow-frame.ts'
import type { AnswerOf } from '../errors.ts'
import { farewellMs } from '../bounds/limits.ts'
import { changedRights } from '../admit.ts'
import { serveRoute } from '../serve-route.ts'
import type { Streams } from '../bounds/streams.ts'

export interface SseOptions {
  feed: Feed
  streams: Streams
  answerOf: AnswerOf
  access: Access
}

/** Adds the route; gives what ends all its streams. */
export function addFollowSse(app: FastifyInstance, { feed, streams, answerOf, access }: SseOptions): () => void {
  const endings = new Set<() => void>()

  const serve = (follow: FollowRequest, reply: FastifyReply, request: FastifyRequest): void => {
    const lastEventId = request.headers['last-event-id']
    if (typeof lastEventId === 'string' && /^\d+$/.test(lastEventId)) follow.after = Number(lastEventId)

    const leave = streams.enter()
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
    raw.write('retry: 1000\n\n')
    raw.on('error', () => {})
    const out: FollowOut = {
      send(frame, cursor) {
        raw.cork()
        raw.write(`id: ${cursor}\ndata: `)
        raw.write(frame)
        raw.write('\n\n', () => running.drained())
        raw.uncork()
      },
      // A stream that is ending takes nothing more.
      pendingBytes: () => (raw.writableEnded || raw.destroyed ? Infinity : raw.writableLength),
      fail(error) {
        raw.end(`data: ${JSON.stringify({ type: 'error', ...answerOf(error).body })}\n\n`)
        setTimeout(() => raw.destroy(), farewellMs).unref()
      },
    }
    const running = openFollow({ ...follow, within: request.caller.within }, feed, out)
    const end = () => raw.end()
    const unwatch = access.watch(request.caller, () => {
      running.close()
      out.fail(changedRights())
    })
    endings.add(end)
    raw.once('close', () => {
      endings.delete(end)
      leave()
      unwatch()
      running.close()
    })
  }
  serveRoute(app, 'follow', serve, { isLong: true })

  return () => {
    for (const end of endings) end()
  }
}
