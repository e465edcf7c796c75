// One line on a terminal's standard error that says how far something has got; nothing where nobody looks on.

export interface ProgressLine {
  show(text: string): void
  /** Takes it away, before something else is written. */
  clear(): void
}

const showEveryMs = 100

export function openProgressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  let shown = false
  let nextAt = 0
  return {
    show(text) {
      if (!stream.isTTY || performance.now() < nextAt) return
      nextAt = performance.now() + showEveryMs
      stream.write(`\r${text}\u001b[K`)
      shown = true
    },
    clear() {
      if (shown) stream.write('\r\u001b[K')
      shown = false
    },
  }
}
