// Asks an engine for the log of a container, as far as it is there or as it comes, and gives its lines.
import type { EngineClient } from '../engine/engine-client.ts'
import { openLineReader, type LogLine } from './log-lines.ts'
import { openFrameReader, openTerminalReader } from './log-pieces.ts'

export interface LogTarget {
  /** Of the container. */
  id: string
  /** The output is that of a terminal: one stream, without frames. */
  isTerminal: boolean
  /** The engine may throw away old lines. */
  isRotated: boolean
  /** Bytes that a log of Docker's own format has when nothing more fits in without something being thrown away; where that is known. */
  fullBytes?: number | undefined
  /** Bytes that it has when it is rotated for the first time, of a container whose log is read from its beginning. */
  rotateBytes?: number | undefined
  /** The log is of Docker's newer format, which is no JSON. */
  isLocal: boolean
  /** Times are whole seconds, so that lines of the same text and time are no repetition. */
  isCoarse: boolean
}

interface LogRequest {
  /** Seconds and nine digits; undefined for all. */
  since: string | undefined
  /** Goes on with what comes. */
  follow: boolean
  signal: AbortSignal
}

export interface LogRequests {
  /** Lines as they come; at the end `rest` is called with what has no end yet. */
  lines(request: LogRequest, rest: (lines: LogLine[]) => void): AsyncIterable<LogLine[]>
  /** Asks at once for what the next follow gives: a container may live for a moment only. */
  begin(signal: AbortSignal): void
}

export function openLogRequests(engine: EngineClient, { id, isTerminal }: LogTarget): LogRequests {
  let begun: AsyncIterable<Buffer> | undefined

  function ask({ since, follow, signal }: LogRequest): AsyncIterable<Buffer> {
    const query = { stdout: true, stderr: true, timestamps: true, follow, since }
    return engine.stream(`/containers/${id}/logs`, query, signal)
  }

  return {
    async *lines(request, rest) {
      const chunks = (request.follow && begun) || ask(request)
      if (request.follow) begun = undefined
      const reader = openLineReader(isTerminal)
      const terminal = openTerminalReader()
      const pieces = isTerminal ? terminal.read : openFrameReader()
      for await (const chunk of chunks) {
        const found = reader.add(pieces(chunk))
        if (found.length > 0) yield found
      }
      rest([...reader.add(isTerminal ? terminal.flush() : []), ...reader.flush()])
    },
    begin(signal) {
      begun = startNow(ask({ since: undefined, follow: true, signal }))
    },
  }
}

/** Asks for the first at once, not when somebody wants it. */
function startNow(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]()
  let first: Promise<IteratorResult<Buffer>> | undefined = iterator.next()
  first.catch(() => undefined)
  const over = { done: true as const, value: undefined }
  return {
    [Symbol.asyncIterator]: () => ({
      next() {
        const now = first ?? iterator.next()
        first = undefined
        return now
      },
      return: async () => (await iterator.return?.()) ?? over,
    }),
  }
}
