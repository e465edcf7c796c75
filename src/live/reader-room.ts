// Whether a follower's reader takes what it is sent: its own unread bytes, and those of all followers together.
import type { Feed } from './feed.ts'

export interface ReaderRoom {
  /** Nothing more is to be sent until the reader has taken something. */
  isFull(): boolean
  /** To be called after each send, and when bytes have gone out. */
  count(): void
  /** Lets others run, then waits for the reader as long as there is patience and nobody else's turn; false: leave it until it drains. */
  wait(): Promise<boolean>
  /** Ends the waiting. */
  wake(): void
  leave(): void
}

interface Reader {
  pendingBytes(): number
  /** There may be room again. */
  drained(): void
  /** Has read nothing while others needed the room. */
  letGo(): void
}

/** More pending bytes than this, and the follower gets nothing until it has taken them. */
const pendingLimitBytes = 512 * 1024
/** A search is left, to be begun anew later, when its reader takes nothing for so long. */
const patienceMs = 2000

export function openReaderRoom({ unread, readings }: Feed, { pendingBytes, drained, letGo }: Reader): ReaderRoom {
  const seat = unread.join({ pendingBytes, wake: drained, letGo })
  let wake: (() => void) | undefined
  let hasLeft = false
  const isFull = (): boolean => pendingBytes() >= pendingLimitBytes || !seat.hasRoom()

  return {
    isFull,
    count: seat.count,
    async wait() {
      await new Promise(setImmediate)
      if (hasLeft) return false
      if (!isFull()) return true
      if (readings.waiting() > 0) return false
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        wake = resolve
        timer = setTimeout(resolve, patienceMs)
      })
      clearTimeout(timer)
      wake = undefined
      return !hasLeft && !isFull()
    },
    wake: () => wake?.(),
    leave() {
      hasLeft = true
      seat.leave()
      wake?.()
    },
  }
}
