// The output of journalctl, bytes as they come → whole lines, as many as there are at a time.

/** A line, or how long one was that is too long to be held. */
export type JournalLine = Buffer | { tooLongBytes: number }

const newline = 10

export async function* readJournalLines(
  output: AsyncIterable<Buffer>,
  mostBytes: number,
): AsyncGenerator<JournalLine[]> {
  let held: Buffer[] = []
  let heldBytes = 0
  for await (const chunk of output) {
    const lines: JournalLine[] = []
    let at = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, at)) {
      const bytes = heldBytes + end - at
      lines.push(bytes > mostBytes ? { tooLongBytes: bytes } : Buffer.concat([...held, chunk.subarray(at, end)]))
      held = []
      heldBytes = 0
      at = end + 1
    }
    heldBytes += chunk.length - at
    if (heldBytes > mostBytes) held = []
    else if (at < chunk.length) held.push(chunk.subarray(at))
    if (lines.length > 0) yield lines
  }
}
