// News from workers to the main thread, without being asked.

/** Sent after every commit. `frames` (see wire/batch-codec.ts) only while somebody follows. */
export interface CommittedMessage {
  committed: number
  frames: Uint8Array[]
  /** Frames were left out because too many were under way. */
  missed: boolean
}

/** See UnkeptNews; the batches as frames, fewer of them when too many frames are under way. */
export interface UnkeptMessage {
  unkept: { first: number; added: { number: number; frame: Uint8Array }[] }
}

/** Something people should know, from the worker's depths. */
export interface WarnMessage {
  warn: string
}
