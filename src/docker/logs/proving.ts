// When a log that is followed is also read again, so that what the follow has left out is found: some time after the last lines, or when
// many have come.

export interface Proving {
  /** Lines came; `isForced`: some of them were left to the reading. Gives what to wait for before there are more. */
  came(isForced: boolean): Promise<void> | undefined
  /** Resolves when none goes on. */
  end(): Promise<void>
}

const mostUnproven = 20_000
const afterMs = 2000
/** Reading again takes at most this share of the time. */
const share = 0.1

/** `unproven`: how many lines came through the follow alone. */
export function openProving(read: () => Promise<void>, unproven: () => number): Proving {
  let going: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let lastMs = 0

  function prove(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const startedAt = performance.now()
    going ??= read()
      // The follow breaks, too, where the engine is gone.
      .catch(() => undefined)
      .finally(() => {
        lastMs = performance.now() - startedAt
        going = undefined
      })
    return going
  }

  return {
    came(isForced) {
      if (unproven() === 0 && !isForced) return undefined
      if (unproven() > mostUnproven) return prove()
      timer ??= setTimeout(() => void prove(), Math.max(afterMs, lastMs / share))
      return undefined
    },
    async end() {
      clearTimeout(timer)
      await going
    },
  }
}
