// Collects what arrives and hands it on once per animation frame, so that thousands of records cost one redraw. When
// redraws are dear it waits longer, so that at most a third of the time goes into them and the page stays quick to
// answer. In a hidden page, where no frames come, a slow timer does it instead: nothing piles up.

export interface FrameQueue<Item> {
  push(item: Item): void
  /** Hands on what there is, now. */
  flush(): void
  close(): void
}

const hiddenIntervalMs = 250
const longestRestMs = 200

export function openFrameQueue<Item>(take: (items: Item[]) => void): FrameQueue<Item> {
  let items: Item[] = []
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let rest: ReturnType<typeof setTimeout> | undefined
  /** Until then the page has time for other things. */
  let restUntil = 0

  function cancel(): void {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    clearTimeout(rest)
    timer = undefined
  }

  function flush(): void {
    cancel()
    const taken = items
    items = []
    if (taken.length === 0) return
    const began = performance.now()
    take(taken)
    // React redraws in a microtask; what comes after it knows what the whole redraw cost.
    setTimeout(() => {
      const now = performance.now()
      restUntil = now + Math.min(longestRestMs, 2 * (now - began))
    })
  }

  return {
    push(item) {
      items.push(item)
      if (timer !== undefined) return
      timer = setTimeout(flush, hiddenIntervalMs)
      const restMs = restUntil - performance.now()
      if (restMs <= 0) frame = requestAnimationFrame(flush)
      else rest = setTimeout(() => (frame = requestAnimationFrame(flush)), restMs)
    },
    flush,
    close() {
      cancel()
      items = []
    },
  }
}
