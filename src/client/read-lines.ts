// The lines of an answer that comes piece by piece.
import { LogboomError } from '../contracts/errors.ts'

/** The lines that end, without their line feeds. Throws `not-running` when the answer breaks off. */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { value, done } = await reader.read().catch((cause: Error) => {
        throw cause.name === 'AbortError' ? cause : brokenOff(cause)
      })
      if (done) return
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
      rest = lines.pop()!
      yield* lines
    }
  } finally {
    // A reader that stops wants no more of it.
    await reader.cancel().catch(() => undefined)
  }
}

export function brokenOff(cause?: unknown): LogboomError {
  return new LogboomError('not-running', 'The hub ended in the middle of its answer.', { cause })
}
