// Between sockets and the store: records that have come and are not committed yet, bounded. Whoever can make senders wait asks
// for room first; whoever cannot counts what finds none.
import type { Entry } from '../contracts/source-storage.ts'

export interface Inbox {
  hasRoom(): boolean
  /** Takes it in any case, so that nothing that was read has nowhere to go. */
  add(entry: Entry): void
  /** Resolves when all that was added is committed, or never will be. */
  settle(): Promise<void>
}

export interface InboxOptions {
  /** Resolves when they are committed; rejects when the hub ends without having been able to. */
  push(entries: Entry[]): Promise<void>
  limitBytes: number
  /** There is room again after there was none. */
  roomy(): void
}

/** Bytes of a record beside its text. */
const entryBytes = 500
/** Handed over at once: records as objects take several times as much in both threads. */
const partBytes = 1024 * 1024

const sizeOf = ({ message }: Entry): number => entryBytes + message.length

export function openInbox({ push, limitBytes, roomy }: InboxOptions): Inbox {
  let waiting: Entry[] = []
  /** Waiting and under way. */
  let heldBytes = 0
  let running: Promise<void> | undefined
  let hasFailed = false

  const hasRoom = (): boolean => !hasFailed && heldBytes < limitBytes

  async function run(): Promise<void> {
    // Entries that come in one go are committed as one.
    await Promise.resolve()
    while (waiting.length > 0) {
      let count = 0
      let bytes = 0
      while (count < waiting.length && bytes < partBytes) bytes += sizeOf(waiting[count++]!)
      await push(waiting.splice(0, count))
      const wasFull = !hasRoom()
      heldBytes -= bytes
      if (wasFull && hasRoom()) roomy()
    }
    running = undefined
  }

  return {
    hasRoom,
    add(entry) {
      if (hasFailed) return
      waiting.push(entry)
      heldBytes += sizeOf(entry)
      running ??= run().catch(() => {
        // The hub ends, and has said why nothing can be committed.
        hasFailed = true
        waiting = []
      })
    },
    settle: async () => await running,
  }
}
