// The one writer of the spool: the worker, or at exit the application's thread in its place. A few numbers in shared memory, so
// that a thread which may not wait for events can still know what the other has done.

const lockAt = 0
const doneAt = 1
const free = 0

export type SpoolWriter = 1 | 2
export const workerWrites: SpoolWriter = 1
export const mainWrites: SpoolWriter = 2

export interface SpoolLock {
  readonly memory: SharedArrayBuffer
  /** False when the other thread did not let go within that time. */
  take(writer: SpoolWriter, timeoutMs: number): boolean
  free(): void
  /** 0: nobody. */
  holder(): number
  /** Number of the last chunk that is in the spool. */
  done(): number
  setDone(chunk: number): void
}

export function openSpoolLock(memory: SharedArrayBuffer = new SharedArrayBuffer(8)): SpoolLock {
  const numbers = new Int32Array(memory)
  return {
    memory,
    take(writer, timeoutMs) {
      for (const deadline = Date.now() + timeoutMs; ;) {
        const holder = Atomics.compareExchange(numbers, lockAt, free, writer)
        if (holder === free) return true
        const leftMs = deadline - Date.now()
        if (leftMs <= 0) return false
        Atomics.wait(numbers, lockAt, holder, leftMs)
      }
    },
    free() {
      Atomics.store(numbers, lockAt, free)
      Atomics.notify(numbers, lockAt)
    },
    holder: () => Atomics.load(numbers, lockAt),
    done: () => Atomics.load(numbers, doneAt),
    setDone: (chunk) => void Atomics.store(numbers, doneAt, chunk),
  }
}
