// Records ahead of the worker: gathered into chunks, posted a few at a time, and dropped, the oldest first, beyond a bound.
import { openChunkBuilder } from './chunk-builder.ts'
import { countRecords, type Chunk, type LogPosition } from './chunk.ts'

export interface ChunkQueue {
  add(time: number, level: string, logger: string, message: string, rest: string, fileEnd: number | undefined): void
  /** Gathered records become a chunk now. */
  cut(): void
  /** Posts what the worker has room for. */
  pump(): void
  /** All that is not in the spool, the oldest first; none of them is dropped any more. */
  notDone(): Chunk[]
  /** A new worker has nothing of what the last one was posted. */
  postAgain(): void
  /** Of the newest chunk; 0 before the first. */
  lastNumber(): number
}

export interface ChunkQueueOptions {
  /** Number of the last chunk that is in the spool. */
  done(): number
  post(chunk: Chunk): void
  positionOf(fileEnd: number): LogPosition | undefined
  maxRecords?: number
  maxCharacters?: number
}

interface Held {
  chunk: Chunk
  records: number
  characters: number
  isPosted: boolean
}

const gatherMs = 50
/** Chunks that the worker has before it; the others stay here, where they can still be dropped. */
const postedAtOnce = 20
/** Memory of a record beside its text, counted as characters. */
const recordCharacters = 100

export function openChunkQueue(options: ChunkQueueOptions): ChunkQueue {
  const { done, post, positionOf, maxRecords = 200_000, maxCharacters = 64 * 1024 * 1024 } = options
  const builder = openChunkBuilder()
  let lastEnd: number | undefined
  let lastNumber = 0
  let dropped = 0
  let timer: NodeJS.Timeout | undefined
  /** On their way to the worker. */
  const leaving: Held[] = []
  /** Each of them may be dropped. */
  const waiting: Held[] = []
  let heldRecords = 0
  let heldCharacters = 0

  const release = ({ records, characters: size }: Held): void => {
    heldRecords -= records
    heldCharacters -= size
  }

  function add(
    time: number,
    level: string,
    logger: string,
    message: string,
    rest: string,
    fileEnd: number | undefined,
  ): void {
    lastEnd = fileEnd
    if (builder.add(time, level, logger, message, rest)) cut()
    else if (timer === undefined) {
      timer = setTimeout(() => {
        timer = undefined
        cut()
      }, gatherMs)
      timer.unref()
    }
  }

  function cut(): void {
    if (timer !== undefined) {
      clearTimeout(timer)
      timer = undefined
    }
    const built = builder.take()
    if (built) {
      const position = lastEnd === undefined ? undefined : positionOf(lastEnd)
      const chunk: Chunk = { ...built, number: ++lastNumber, dropped: 0, position }
      const records = countRecords(chunk)
      const held = { chunk, records, characters: built.text.length + records * recordCharacters, isPosted: false }
      waiting.push(held)
      heldRecords += held.records
      heldCharacters += held.characters
    }
    pump()
    while ((heldRecords > maxRecords || heldCharacters > maxCharacters) && waiting.length > 1) {
      const oldest = waiting.shift()!
      release(oldest)
      dropped += oldest.records
    }
  }

  function pump(): void {
    const doneNumber = done()
    while (leaving.length > 0 && leaving[0]!.chunk.number <= doneNumber) release(leaving.shift()!)
    while (waiting.length > 0 && leaving.length < postedAtOnce) leave()
    for (const held of leaving) {
      if (held.isPosted) continue
      held.isPosted = true
      post(held.chunk)
    }
  }

  /** The oldest waiting chunk can be dropped no more; it tells of those that were dropped before it. */
  function leave(): void {
    const held = waiting.shift()!
    held.chunk.dropped = dropped
    dropped = 0
    leaving.push(held)
  }

  return {
    add,
    cut,
    pump,
    notDone() {
      while (waiting.length > 0) leave()
      const doneNumber = done()
      return leaving.map(({ chunk }) => chunk).filter(({ number }) => number > doneNumber)
    },
    postAgain() {
      for (const held of leaving) held.isPosted = false
      pump()
    },
    lastNumber: () => lastNumber,
  }
}
