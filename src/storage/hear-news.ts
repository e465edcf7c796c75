// News of the storage worker, on the main thread: the head of the log, and what goes to those who listen.
import type { CommitListener, UnkeptNews } from '../contracts/storage.ts'
import { decodeBatch } from '../wire/batch-codec.ts'
import { framePayload } from '../wire/frame.ts'
import type { CommittedMessage, UnkeptMessage, WarnMessage } from './worker-news.ts'

export interface News {
  /** Takes a message; returns the bytes of its frames that somebody listened to. */
  hear(message: unknown): number
  /** The last id that this thread has been told of. */
  head(): number
  /** The worker's head when it was opened. */
  ready(head: number): void
  /** Both give what ends it. */
  onCommit(listener: CommitListener): () => void
  onUnkept(listener: (news: UnkeptNews) => void): () => void
  onHead(listener: (head: number) => void): () => void
}

/** `underWay`: bytes of frames that are posted and not heard yet. */
export function openNews({ underWay, warn }: { underWay: Int32Array; warn(message: string): void }): News {
  const commitListeners = new Set<CommitListener>()
  const unkeptListeners = new Set<(news: UnkeptNews) => void>()
  const headListeners = new Set<(head: number) => void>()
  let head = 0

  function take(frames: readonly Uint8Array[]): number {
    const bytes = frames.reduce((sum, frame) => sum + frame.length, 0)
    Atomics.sub(underWay, 0, bytes)
    return bytes
  }

  function hearCommitted({ committed, frames, missed }: CommittedMessage): number {
    if (committed > head) for (const listener of headListeners) listener(committed)
    head = committed
    const bytes = take(frames)
    if (commitListeners.size === 0 || (frames.length === 0 && !missed)) return 0
    const batches = frames.map((frame) => decodeBatch(framePayload(frame)))
    for (const listener of commitListeners) listener(batches, head, missed)
    return bytes
  }

  function hearUnkept({ unkept: { first, added } }: UnkeptMessage): number {
    take(added.map(({ frame }) => frame))
    const batches = added.map(({ number, frame }) => ({ number, batch: decodeBatch(framePayload(frame)) }))
    for (const listener of unkeptListeners) listener({ first, added: batches })
    return 0
  }

  function add<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  return {
    hear(message) {
      if ('unkept' in (message as UnkeptMessage)) return hearUnkept(message as UnkeptMessage)
      if ('committed' in (message as CommittedMessage)) return hearCommitted(message as CommittedMessage)
      warn((message as WarnMessage).warn)
      return 0
    },
    head: () => head,
    ready: (first) => void (head = Math.max(head, first)),
    onCommit: (listener) => add(commitListeners, listener),
    onUnkept: (listener) => add(unkeptListeners, listener),
    onHead: (listener) => add(headListeners, listener),
  }
}
