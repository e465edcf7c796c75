// Waiting for something to do: whoever waits is woken once for all that was asked meanwhile.

export interface Wake {
  now(): void
  after(milliseconds: number): void
  /** Resolves when it was asked for since the last time, or the signal is aborted. */
  asked(signal: AbortSignal): Promise<void>
}

export function openWake(): Wake {
  let asked = Promise.withResolvers<void>()
  let timer: NodeJS.Timeout | undefined
  const now = (): void => asked.resolve()
  return {
    now,
    after(milliseconds) {
      clearTimeout(timer)
      timer = setTimeout(now, milliseconds)
      timer.unref()
    },
    async asked(signal) {
      if (signal.aborted) return
      signal.addEventListener('abort', now, { once: true })
      await asked.promise
      signal.removeEventListener('abort', now)
      asked = Promise.withResolvers()
      clearTimeout(timer)
    },
  }
}
