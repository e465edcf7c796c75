// The next thing to give a follower: from its channel what that still holds, from the store what it no longer holds. That one
// rule covers the first history, resuming by cursor and slow readers alike. Pure.

export interface Circumstances {
  /** The reader has all that comes before the channel; else the store is still to be read. */
  isInChannel: boolean
  /** The reader has too much that it has not taken. */
  isFull: boolean
  /** For how long it has been so; 0: it was not. */
  fullForMs: number
  /** The reader would rather miss lines than be late. */
  maySkip: boolean
  /** The next records are no longer in the channel. */
  isBehind: boolean
  /** Bytes that the channel holds for this follower. */
  waitingBytes: number
}

export type NextStep = 'wait' | 'skip' | 'read-store' | 'take-channel'

/** A reader that may skip and is so long behind goes on with the newest so many bytes. */
const skipAfterMs = 1000
export const skipKeepsBytes: number = 256 * 1024

export function nextStep(now: Circumstances): NextStep {
  if (now.isFull) return 'wait'
  const isLate = now.fullForMs > skipAfterMs && now.waitingBytes > skipKeepsBytes
  if (now.isInChannel && now.maySkip && (now.isBehind || isLate)) return 'skip'
  return now.isInChannel && !now.isBehind ? 'take-channel' : 'read-store'
}
