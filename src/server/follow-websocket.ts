// Follow over WebSocket: each message of the client is a request that replaces the one before.
import type { WebSocket } from 'ws'
import { LogboomError } from '../errors.ts'
import { openFollow, type Follow, type FollowOut } from '../live/follow.ts'
import type { Feed } from '../live/feed.ts'
import { answerOf } from './errors.ts'
import { parseFollowRequest } from './request-shapes.ts'

export function serveFollow(socket: WebSocket, feed: Feed, alive: () => void): void {
  let current: Follow | undefined

  function sent(): void {
    alive()
    current?.drained()
  }

  function tellError(error: unknown): void {
    socket.send(JSON.stringify({ type: 'error', ...answerOf(error).body }))
  }

  const out: FollowOut = {
    send: (frame) => socket.send(frame, { binary: false }, sent),
    // A socket that is closing takes nothing more.
    pendingBytes: () => (socket.readyState === socket.OPEN ? socket.bufferedAmount : Infinity),
    fail(error) {
      tellError(error)
      socket.close(1011)
    },
  }

  socket.on('message', (data, binary) => {
    current?.close()
    current = undefined
    try {
      current = openFollow(parseFollowRequest(binary ? undefined : parseJson(data.toString())), feed, out)
    } catch (error) {
      tellError(error)
    }
  })
  socket.on('close', () => current?.close())
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new LogboomError('request-invalid', 'The message is not JSON.', { cause })
  }
}
