// Room for what one WebSocket hands in: taken in the room of all bodies as the bytes of a message come, and among the lines of all
// sockets until they are committed. A socket that finds none is not read until there is some.
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { ByteRoom, RoomPlace } from '../bounds/byte-room.ts'

export interface MessageRoom {
  /** Calls `ready` when the message has room, at once where there is some, in the order of coming. `release` gives it back. */
  take(bytes: number, ready: (release: () => void) => void): void
  /** The socket is not read until `held` has settled. */
  hold(held: Promise<unknown>): void
}

export interface MessageRoomOptions {
  /** Of bodies on their way. */
  bodies: ByteRoom
  /** Of lines that wait for their commit. */
  lines: ByteRoom
  /** The beginning of a message takes no room. */
  beginningBytes: number
  /** Longest time for one message while others wait for room. */
  patienceMs: number
  /** Ends a socket whose message comes too slowly. */
  tooSlow(): void
}

interface Message {
  bytes: number
  /** In the room of bodies; absent for a message that came in one piece. */
  coming: RoomPlace | undefined
  ready(release: () => void): void
}

export function openMessageRoom(
  { socket, raw }: { socket: WebSocket; raw: Duplex },
  { bodies, lines, beginningBytes, patienceMs, tooSlow }: MessageRoomOptions,
): MessageRoom {
  const held = lines.enter({ wanted: () => undefined })
  // Commits give it back, however slow the socket is.
  held.settle()
  const waiting: Message[] = []
  /** Of the message that is not whole: its bytes, its place once they are many, and since when it has one. */
  let cameBytes = 0
  let coming: RoomPlace | undefined
  let comesSince = 0
  let isWhole = false
  let heldCount = 0
  let reasonsToPause = 0
  let isClosed = false

  function pause(): void {
    if (reasonsToPause++ === 0) socket.pause()
  }

  function resume(): void {
    if (--reasonsToPause === 0) socket.resume()
  }

  function leaveWhenDone(): void {
    if (isClosed && heldCount === 0 && waiting.length === 0) held.leave()
  }

  function enter(): RoomPlace {
    comesSince = performance.now()
    return bodies.enter({
      wanted: () => void (reasonsToPause === 0 && performance.now() - comesSince > patienceMs && tooSlow()),
    })
  }

  function give({ bytes, coming: came, ready }: Message): void {
    came?.leave()
    heldCount++
    let isReleased = false
    ready(() => {
      if (isReleased) return
      isReleased = true
      heldCount--
      held.shrink(bytes)
      leaveWhenDone()
    })
  }

  /** Takes room for those that wait, one after the other. */
  function takeNext(): void {
    for (let message = waiting[0]; message; message = waiting[0]) {
      const next = message
      const isTaken = held.grow(next.bytes, () => {
        waiting.shift()
        resume()
        give(next)
        takeNext()
      })
      if (!isTaken) return pause()
      waiting.shift()
      give(next)
    }
  }

  // Called after the socket's own listener, which tells of messages that end in this piece.
  raw.on('data', (piece: Buffer) => {
    if (isWhole) return void (isWhole = false)
    cameBytes += piece.length
    if (cameBytes <= beginningBytes) return
    const bytes = coming ? piece.length : cameBytes
    coming ??= enter()
    if (!coming.grow(bytes, resume)) pause()
  })
  socket.on('close', () => {
    isClosed = true
    coming?.leave()
    leaveWhenDone()
  })

  return {
    take(bytes, ready) {
      coming?.settle()
      waiting.push({ bytes, coming, ready })
      coming = undefined
      cameBytes = 0
      isWhole = true
      if (waiting.length === 1) takeNext()
    },
    hold(promise) {
      pause()
      const goOn = (): void => resume()
      void promise.then(goOn, goOn)
    },
  }
}
