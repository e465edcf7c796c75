// The lines of an answer that comes piece by piece.

/** Without their line feeds. One that does not end is not given: it is none yet. Throws what the body breaks off with. */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { value, done } = await reader.read()
      const lines = (rest + decoder.decode(value, { stream: !done })).split('\n')
      rest = lines.pop()!
      yield* lines
      if (done) return
    }
  } finally {
    // Whoever reads no further wants no more of it.
    await reader.cancel().catch(() => undefined)
  }
}
