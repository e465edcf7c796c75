// Collects what arrives and hands it on once per animation frame, so that thousands of records cost one redraw. In a
// hidden page, where no frames come, a slow timer does it instead: nothing piles up.

export interface FrameQueue<Item> {
  push(item: Item): void
  /** Hands on what there is, now. */
  flush(): void
  close(): void
}

export function openFrameQueue<Item>(take: (items: Item[]) => void): FrameQueue<Item> {
  let items: Item[] = []
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const cancel = (): void => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    timer = undefined
  }
  const flush = (): void => {
    cancel()
    const taken = items
    items = []
    if (taken.length > 0) take(taken)
  }
  return {
    push(item) {
      items.push(item)
      if (timer !== undefined) return
      frame = requestAnimationFrame(flush)
      timer = setTimeout(flush, 250)
    },
    flush,
    close() {
      cancel()
      items = []
    },
  }
}
