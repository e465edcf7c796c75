// A follow that survives lost connections and restarts of the hub: it resumes by cursor, so that every record comes
// once and in order, whatever happens to the connection.
import type { LogboomError } from '../contracts/errors.ts'
import type { NamedRecord } from '../contracts/record.ts'
import type { FollowFrame, FollowRequest, UnkeptRecord } from '../wire/follow-frame.ts'
import { openLastingSocket, type ConnectionState, type SocketAddress, type Subscription } from './lasting-socket.ts'
import { receivedError } from './received-error.ts'
import { openUnkeptLines } from './unkept-lines.ts'

export type Gap = Extract<FollowFrame, { type: 'gap' }>
export type Folded = Extract<FollowFrame, { type: 'repeats'; newest: NamedRecord }>

export interface FollowHandlers {
  /** Ids ascending, none twice. `cursor` is what a later follow would resume from. */
  records(records: NamedRecord[], cursor: number): void
  state?(state: ConnectionState): void
  /** Something is left out. Reason `new-log`: ids begin anew, so what is shown belongs to a log that is gone. */
  gap?(gap: Gap): void
  /** With `collapse`: the record with id `of` has come `count` more times by now. With `adjacent`, see there, also which is the newest. */
  repeats?(of: number, count: number, folded?: Folded): void
  /**
   * While the hub's store cannot be written: the newest lines that are captured and not kept, all of them at each change. They
   * have numbers in place of ids, and go when they come as records, or are lost.
   */
  unkept?(lines: readonly UnkeptRecord[]): void
  /** `query-invalid` and `request-invalid` end the follow; after others it tries again. */
  error?(error: LogboomError): void
}

const finalErrors = new Set(['query-invalid', 'request-invalid'])

export function openClientFollow(
  address: SocketAddress,
  request: FollowRequest,
  handlers: FollowHandlers,
): Subscription {
  let cursor = request.after
  let state: ConnectionState | undefined
  const unkept = openUnkeptLines()
  enter('connecting')

  const socket = openLastingSocket(address, {
    open() {
      unkept.renew()
      enter('history')
      return JSON.stringify({ ...request, after: cursor })
    },
    message: (data) => take(data as FollowFrame),
    lost: () => enter('lost'),
  })

  function enter(next: ConnectionState): void {
    if (next === state) return
    state = next
    handlers.state?.(next)
  }

  /** Tells of lines that are not kept when they have changed. */
  function changeUnkept(change: () => void): void {
    const before = unkept.lines()
    change()
    if (unkept.lines() !== before) handlers.unkept?.(unkept.lines())
  }

  function take(frame: FollowFrame): void {
    switch (frame.type) {
      case 'records': {
        const known = cursor ?? 0
        // The server gives nothing twice; this holds even if one did.
        const fresh = frame.records[0]!.id > known ? frame.records : frame.records.filter(({ id }) => id > known)
        cursor = Math.max(known, frame.cursor)
        socket.proved()
        if (fresh.length > 0) handlers.records(fresh, cursor)
        return changeUnkept(() => unkept.kept(fresh))
      }
      case 'live':
        socket.proved()
        cursor = Math.max(cursor ?? 0, frame.cursor)
        enter('live')
        return changeUnkept(unkept.settle)
      case 'unkept':
        return changeUnkept(() => unkept.take(frame))
      case 'heartbeat':
        // Before the first record a heartbeat's cursor says nothing yet of where history begins.
        if (cursor !== undefined) cursor = Math.max(cursor, frame.cursor)
        return
      case 'gap':
        if (frame.reason === 'new-log') cursor = undefined
        return handlers.gap?.(frame)
      case 'repeats':
        return handlers.repeats?.(frame.of, frame.count, 'newest' in frame ? frame : undefined)
      case 'error': {
        const error = receivedError(frame.error)
        if (finalErrors.has(error.code)) socket.close()
        handlers.error?.(error)
      }
    }
  }

  return socket
}
