// How long lines are held that may go on: so long after the last of them, and ten times as long in all.

export interface Holding {
  /** Lines came, and whether any of them are held. */
  note(isHeld: boolean): void
}

export function openHolding(holdMs: number, release: () => void): Holding {
  let timer: NodeJS.Timeout | undefined
  let since: number | undefined
  return {
    note(isHeld) {
      clearTimeout(timer)
      if (!isHeld) {
        since = undefined
        return
      }
      since ??= performance.now()
      const leftMs = Math.max(0, since + 10 * holdMs - performance.now())
      timer = setTimeout(
        () => {
          since = undefined
          release()
        },
        Math.min(holdMs, leftMs),
      )
    },
  }
}
