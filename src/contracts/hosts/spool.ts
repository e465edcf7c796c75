// The contract of a spool: a store whose records are on their way to another one, and go when they are there.

/** `block`: sources wait. `gap`: the oldest records go unsent, exactly counted. */
export type WhenFull = 'block' | 'gap'

export interface SpoolOptions {
  limitBytes: number
  whenFull: WhenFull
}

/** Frames as they lie in the spool, one behind the other. */
export interface SpoolPart {
  frames: Uint8Array<ArrayBuffer>
  /** Ids of the first and the last record in them. */
  first: number
  last: number
}

export interface SpoolState {
  /** Of what has not been released. */
  bytes: number
  /** When the oldest record of that was captured, Unix milliseconds; absent where all is released. */
  oldestAt?: number
  isFull: boolean
  /** Records that went unsent since it was opened. */
  dropped: number
}

export interface Spool {
  /** The records behind `after`, about `mostBytes` of them; undefined where there are none. */
  read(after: number, mostBytes: number): SpoolPart | undefined
  /** Records up to this one are where they were to go. */
  release(through: number): void
  /** Sources that can wait are to wait. */
  isFull(): boolean
  state(): SpoolState
}
