// Follow over WebSocket: each message of the client is a request that replaces the one before.
import { LogboomError } from '../../contracts/errors.ts'
import { openFollow } from '../../live/follow.ts'
import type { Follow, FollowOut } from '../../live/follower.ts'
import type { Feed } from '../../live/feed.ts'
import { openAllowance } from '../bounds/allowance.ts'
import { followRequests } from '../bounds/limits.ts'
import { textFrame } from '../../wire/websocket-frames.ts'
import { openFrameWriter } from './frame-writer.ts'
import { parseRequest } from '../parse-request.ts'
import type { ServedSocket } from './served-socket.ts'

export function serveFollow(served: ServedSocket, feed: Feed): void {
  const { socket, caller, tell, dismiss } = served
  let current: Follow | undefined
  const mayAsk = openAllowance(followRequests)

  const write = openFrameWriter(served, () => current?.drained())
  const out: FollowOut = {
    send: (message) => write(frameOf(message)),
    // A socket that is closing takes nothing more.
    pendingBytes: () => (socket.readyState === socket.OPEN ? socket.bufferedAmount : Infinity),
    fail: dismiss,
  }

  socket.on('message', (data, binary) => {
    current?.close()
    current = undefined
    if (!mayAsk()) return dismiss(new LogboomError('too-often', 'This socket asks to follow something else too often.'))
    try {
      const request = parseRequest('follow', binary ? undefined : parseJson(data.toString()))
      current = openFollow({ ...request, within: caller.within }, feed, out)
    } catch (error) {
      tell(error)
    }
  })
  socket.on('close', () => current?.close())
}

/** Of messages that many followers share, each made once. */
const frames = new WeakMap<Uint8Array, Buffer>()

function frameOf(message: Uint8Array): Buffer {
  let frame = frames.get(message)
  if (!frame) frames.set(message, (frame = textFrame(message)))
  return frame
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new LogboomError('request-invalid', 'The message is not JSON.', { cause })
  }
}
