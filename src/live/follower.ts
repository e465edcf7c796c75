// A follower as those see it who have one: the transport, the form, and what is called of it. Types only, so that dialects depend on
// nothing of how it is done.
import type { SearchRequest } from '../contracts/request.ts'
import type { FollowRequest } from '../wire/follow-frame.ts'
import type { Codec } from './codec.ts'

/** A follow of somebody who may not see everything: see `SearchRequest.within`. */
export type LimitedFollow = FollowRequest & Pick<SearchRequest, 'within'>

/** The transport that takes the frames. */
export interface FollowOut {
  /** Bytes as the codec makes them, and the cursor to resume from once it has been read. */
  send(frame: Uint8Array, cursor: number): void
  /** Handed over but not yet taken by the other side. */
  pendingBytes(): number
  /** The follow cannot go on. */
  fail(error: unknown): void
}

/** Limits that are not for the follower to choose. */
export interface FollowForm {
  /** Default: frames of follow. */
  codec?: Codec
  /** How less than everything is given; default: repeats as `followWindow`, the rate counted from the first record on. */
  thinning?: ThinningForm
  /**
   * Live lines are thinned once for all who want the same, and shed under overload; what is missing is told to all of them. For
   * those that would rather miss lines than be late.
   */
  isShared?: boolean
}

export interface ThinningForm {
  /** Of `collapse: true`. */
  repeatWindow: RepeatWindow
  /** Records captured before are given without regard to the rate; Unix milliseconds. */
  limitedFrom?: number
}

export interface Follow {
  /** To be called whenever pending bytes have gone out. */
  drained(): void
  close(): void
}

export interface RepeatWindow {
  /** From the line that was shown last. */
  windowMs: number
  /** Each line's repeats are told once, when its window is over; else as they come, the count growing. */
  toldOnce: boolean
}
