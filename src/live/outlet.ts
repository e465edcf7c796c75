// The sending half of a follow: bytes to one reader, less what it wants left out, and the cursor up to which it has been given all.
import type { FollowRequest } from '../wire/follow-frame.ts'
import type { Chunk } from './chunk.ts'
import { missingIn, type Codec, type News } from './codec.ts'
import type { Row } from './row.ts'
import type { ReaderRoom } from './reader-room.ts'
import type { RepeatedLine } from './thin/repeated-line.ts'
import type { ThinningForm } from './follower.ts'
import { isThinned, openThinning } from './thin/thinning.ts'

export interface Outlet {
  /** Everything up to here has been sent, or left out on purpose. */
  cursor: number
  /** Records go out one by one, so that chunks must have their rows. */
  readonly needsRows: boolean
  readonly codec: Codec
  /** Lines that were sent. */
  delivered: number
  /** Lines that were not, by cause. */
  readonly dropped: Record<string, number>
  tell(news: News): void
  give(chunk: Chunk): void
  /** Goes on after this cursor; what came before is told as a gap. */
  skipTo(cursor: number, lines: number | 'unknown'): void
  /** With turns for others between the chunks; false: the reader takes nothing. `limited` false: without regard to the rate. */
  giveAll(chunks: Iterable<Chunk>, limited: boolean): Promise<boolean>
  /** Lines that repeats of theirs may follow; `isShown`: the reader has them. Before anything is given. */
  begin(lines: readonly RepeatedLine[], isShown: boolean): void
  close(): void
}

const heartbeatMs = 15_000
const reportMs = 1000

export function openOutlet(
  request: FollowRequest,
  room: ReaderRoom,
  sendFrame: (frame: Uint8Array, cursor: number) => void,
  { codec, form }: { codec: Codec; form?: ThinningForm | undefined },
): Outlet {
  const needsRows = isThinned(request)
  let thinning = needsRows ? openThinning(request, [], form) : undefined
  const timers = [setInterval(() => whenRoom(beat), heartbeatMs)]
  if (needsRows) timers.push(setInterval(() => whenRoom(report), reportMs))
  for (const timer of timers) timer.unref()
  let isClosed = false

  function whenRoom(run: () => void): void {
    if (!room.isFull()) run()
  }

  function beat(): void {
    outlet.tell({ type: 'heartbeat', cursor: outlet.cursor })
  }

  function report(): void {
    for (const news of thinning?.report() ?? []) outlet.tell(news)
  }

  function send(frame: Uint8Array): void {
    if (isClosed) return
    sendFrame(frame, outlet.cursor)
    room.count()
  }

  function drop({ cause, lines }: { cause: string; lines: number }): void {
    outlet.dropped[cause] = (outlet.dropped[cause] ?? 0) + lines
  }

  function give(chunk: Chunk, limited: boolean): void {
    outlet.cursor = chunk.cursor
    // Chunks that are shared whole have no rows.
    if (!thinning || !chunk.rows) return sendWhole(chunk)
    const rows = chunk.rows.filter((row) => thinning!.passes(row, limited))
    // Mostly nothing is left out, and the bytes that all share do.
    if (rows.length === chunk.count) sendWhole(chunk)
    else sendRows(rows, chunk.cursor)
  }

  function sendWhole({ bytes, count, missing }: Chunk): void {
    outlet.delivered += count
    if (missing) drop(missing)
    send(bytes)
  }

  function sendRows(rows: readonly Row[], cursor: number): void {
    const texts = rows.map(({ json }) => json)
    outlet.delivered += texts.length
    if (texts.length > 0) send(codec.records(texts, cursor))
  }

  const outlet: Outlet = {
    cursor: request.after ?? 0,
    needsRows,
    codec,
    delivered: 0,
    dropped: {},
    tell(news) {
      const missing = missingIn(news)
      if (missing) drop(missing)
      const bytes = codec.tell(news)
      if (bytes) send(bytes)
    },
    give: (chunk) => give(chunk, true),
    skipTo(cursor, lines) {
      const after = outlet.cursor
      outlet.cursor = cursor
      if (lines === 0) return
      thinning?.skipped()
      outlet.tell({ type: 'gap', after, before: cursor + 1, lines, reason: 'slow-client' })
    },
    async giveAll(chunks, limited) {
      for (const chunk of chunks) {
        give(chunk, limited)
        if (!(await room.wait())) return false
      }
      return true
    },
    begin(lines, isShown) {
      thinning = openThinning(request, lines, form)
      if (isShown) return
      sendRows(
        lines.map(({ newest }) => newest),
        outlet.cursor,
      )
      report()
    },
    close() {
      isClosed = true
      for (const timer of timers) clearInterval(timer)
    },
  }
  return outlet
}
