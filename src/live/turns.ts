// Work that takes turns: so much at once, the rest waits in the order of coming.

export interface Turns {
  /** Resolves with what ends the turn. Rejects when the signal comes first. */
  take(signal: AbortSignal): Promise<() => void>
  /** How many wait. */
  waiting(): number
}

export function openTurns(atOnce: number): Turns {
  let running = 0
  const waiting = new Set<() => void>()

  function admit(): void {
    for (const begin of waiting) {
      if (running >= atOnce) return
      begin()
    }
  }

  return {
    waiting: () => waiting.size,
    take: (signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        let ended = false
        const begin = (): void => {
          waiting.delete(begin)
          signal.removeEventListener('abort', gone)
          running++
          resolve(() => {
            if (ended) return
            ended = true
            running--
            admit()
          })
        }
        const gone = (): void => {
          waiting.delete(begin)
          reject(signal.reason as Error)
        }
        signal.addEventListener('abort', gone, { once: true })
        waiting.add(begin)
        admit()
      }),
  }
}
