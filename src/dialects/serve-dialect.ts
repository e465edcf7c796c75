// A client of a dialect on its connection: recent lines, the follow behind them, its messages, and a sign of life when nothing comes.
import type { Dialect, DialectSession, Recent, Wish } from '../contracts/dialect.ts'
import { LogboomError } from '../contracts/errors.ts'
import type { Follow, FollowForm, FollowOut } from '../live/follower.ts'
import type { RecordPlace } from '../query/read/records-of.ts'
import type { FollowRequest } from '../wire/follow-frame.ts'
import { lineCodec } from './line-codec.ts'
import type { LineContext } from './line-of.ts'
import { thinningForm } from './thinning-form.ts'

/** The lines that whoever is connected may see. */
export interface LineView {
  follow(request: FollowRequest, out: FollowOut, form: FollowForm): Follow
  /** Throws `query-invalid`. */
  recent(recent: Recent, query: string, shown: Wish['shown']): Promise<{ places: RecordPlace[]; cursor: number }>
}

export interface DialectSocket {
  parameters: URLSearchParams
  /** Messages are compressed one by one. */
  isCompressed: boolean
  send(text: string): void
  /** Takes whole messages; `taken` is called when bytes that had to wait have gone out. */
  openWriter(taken: () => void): (frames: Uint8Array) => void
  /** As `FollowOut` has it. */
  pendingBytes(): number
  /** Tells the error, and goes on. */
  tell(error: unknown): void
  /** Tells the error and closes. */
  dismiss(error: unknown): void
  onMessage(listener: (text: string) => void): void
  onClose(listener: () => void): void
  /** Whether it may ask for lines once more; counted. */
  mayAsk(): boolean
}

export interface DialectSettings extends LineContext {
  /** Of repeats (C4). */
  deduplicationWindowMs: number
  /** Off: clients are served, and get no lines. */
  isStreaming: boolean
  /** After so long without a message comes the dialect's own. */
  silenceMs: number
}

/** A client with so much unread is sent neither recent lines once more nor answers. */
const replayPendingBytes = 512 * 1024

export function serveDialect(dialect: Dialect, socket: DialectSocket, view: LineView, settings: DialectSettings): void {
  let current: Follow | undefined
  let turn = 0
  let isClosed = false
  let session: DialectSession = {}

  const write = socket.openWriter(drained)
  const out: FollowOut = {
    send(bytes) {
      silence.refresh()
      if (!socket.isCompressed) return write(bytes)
      for (const text of Buffer.from(bytes).toString().split('\n')) socket.send(text)
      drained()
    },
    pendingBytes: socket.pendingBytes,
    fail: socket.dismiss,
  }

  function drained(): void {
    current?.drained()
  }

  function begin(wish: Wish): void {
    current?.close()
    current = undefined
    const mine = ++turn
    if (!settings.isStreaming || !mayAsk()) return
    const { query, shown, after, limit = 0, rateLimit, collapse } = wish
    const request: FollowRequest = {
      query,
      shown,
      ...(rateLimit === undefined ? {} : { rateLimit }),
      ...(collapse ? { collapse } : {}),
    }
    const isShared = after === undefined
    const form: FollowForm = { codec: codecOf(wish), thinning: thinningForm(after, settings), isShared }
    const follow = (from: Pick<FollowRequest, 'after' | 'limit' | 'slow'>): void => {
      if (mine === turn && !isClosed) current = view.follow({ ...request, ...from }, out, form)
    }
    if (after !== undefined) return follow({ after })
    if (!wish.recent) return follow({ limit, slow: 'skip' })
    void giveRecent(wish).then(
      (cursor) => follow({ after: cursor, slow: 'skip' }),
      (error: unknown) => out.fail(error),
    )
  }

  async function giveRecent(wish: Wish): Promise<number> {
    const { places, cursor } = await view.recent(wish.recent!, wish.query, wish.shown)
    const codec = codecOf(wish)
    const texts = places.map(({ batch, row }) => codec.record(batch, row))
    if (texts.length > 0 && !isClosed && socket.pendingBytes() < replayPendingBytes)
      out.send(codec.records(texts, cursor), cursor)
    return cursor
  }

  function mayAsk(): boolean {
    if (socket.mayAsk()) return true
    socket.dismiss(new LogboomError('too-often', 'This socket asks for lines too often.'))
    return false
  }

  const codecOf = (wish: Wish) => lineCodec(wish, socket.isCompressed ? 'texts' : 'frames', settings)

  /** A client that leaves so much unread is told nothing beside the lines. */
  function say(message: string): void {
    if (socket.pendingBytes() < replayPendingBytes) socket.send(message)
  }

  const silence = setInterval(() => {
    const message = session.beat?.()
    if (message !== undefined) say(message)
  }, settings.silenceMs).unref()

  socket.onMessage((text) => {
    const message = parsed(text)
    if (message !== undefined) session.hear?.(message)
  })
  socket.onClose(() => {
    isClosed = true
    clearInterval(silence)
    current?.close()
  })
  try {
    session = dialect.open({
      parameters: socket.parameters,
      follow: begin,
      replay(wish) {
        if (settings.isStreaming && mayAsk()) giveRecent(wish).catch((error: unknown) => socket.dismiss(error))
      },
      send(message) {
        silence.refresh()
        say(message)
      },
      refuse: socket.tell,
    })
  } catch (error) {
    socket.dismiss(error)
  }
}

/** Undefined for what is no JSON, which clients of the original systems were never told of. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
