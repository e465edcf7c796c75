// A follower's share of the lines that cannot be kept: how far it has been shown them, and when it is told that they are gone.
import type { Predicate } from '../query/match/compile-query.ts'
import type { LimitedFollow } from './follower.ts'
import type { Unkept } from './unkept.ts'

export interface UnkeptFollow {
  /** From now on lines are shown. */
  begin(): void
  /** To be called when there is room again. */
  look(): void
  close(): void
}

/** Lines of one source that are shown at a time, ten times a second; a follower with a rate gets a tenth of it. */
const mostPerSource = 200

/** `send` is to be left alone where `hasRoom` says no. The predicate is that of the query. */
export function followUnkept(
  unkept: Unkept,
  { query = '', within, rateLimit }: LimitedFollow,
  { predicate, send, hasRoom }: { predicate: Predicate; send(frame: Buffer): void; hasRoom(): boolean },
): UnkeptFollow {
  const perSource = rateLimit === undefined ? mostPerSource : Math.max(1, Math.ceil(rateLimit / 10))
  /** Number of the newest line looked at, and of the newest one that was shown. */
  let after = 0
  let shown = 0
  let toldFirst = 0
  let isOn = false

  function look(): void {
    if (!isOn || !hasRoom()) return
    const first = unkept.first()
    if (after === unkept.last() && first === toldFirst) return
    const isTakenBack = shown >= toldFirst && first > toldFirst && shown > 0
    const { bytes, count, last } = unkept.frame({
      query: JSON.stringify([query, within]),
      predicate,
      after,
      perSource,
    })
    after = last
    if (count === 0 && !isTakenBack) return
    if (count > 0) shown = last
    toldFirst = first
    send(bytes)
  }

  const end = unkept.subscribe(look)
  return {
    begin() {
      if (isOn) return
      isOn = true
      look()
    },
    look,
    close: end,
  }
}
