// Bounds the bytes that are under way at once: who finds no room waits, in the order of coming.

export interface ByteRoom {
  /** Resolves when there is room; gives what returns it. Rejects when the signal comes first. */
  take(bytes: number, signal: AbortSignal): Promise<() => void>
}

export function openByteRoom(limitBytes: number): ByteRoom {
  let taken = 0
  const waiting = new Set<{ bytes: number; enter(): void }>()

  function admit(): void {
    for (const each of waiting) {
      // Nobody overtakes, so that a large body gets its turn, too; alone it may be larger than the room.
      if (taken > 0 && taken + each.bytes > limitBytes) return
      waiting.delete(each)
      each.enter()
    }
  }

  return {
    take: (bytes, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const gone = (): void => {
          waiting.delete(place)
          reject(signal.reason as Error)
          admit()
        }
        const place = {
          bytes,
          enter() {
            signal.removeEventListener('abort', gone)
            taken += bytes
            resolve(() => {
              taken -= bytes
              admit()
            })
          },
        }
        signal.addEventListener('abort', gone)
        waiting.add(place)
        admit()
      }),
  }
}
