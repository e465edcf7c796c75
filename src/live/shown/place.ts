// A follower's place in the channel of its query. It moves to another channel when what is shown changes: the follow goes on from
// where it is, by the new query.
import type { SearchRequest } from '../../contracts/request.ts'
import type { Seat, SeatOptions } from '../channel.ts'
import type { Codec } from '../codec.ts'
import type { Feed } from '../feed.ts'
import type { LimitedFollow } from '../follower.ts'
import type { SieveForm } from '../thin/sieve.ts'

export interface Place {
  /** The question that is followed now. */
  asked(): Pick<SearchRequest, 'query' | 'within'>
  /** The first seat; undefined when the place was closed meanwhile. Rejects as `Feed.join` does. */
  take(): Promise<Seat | undefined>
  close(): void
}

export interface PlaceOptions {
  codec: Codec
  seat: SeatOptions
  /** See `Feed.join`. */
  shared: SieveForm | undefined
  /** The seat is gone, and another is on its way. */
  left(): void
  moved(seat: Seat): void
  fail(error: unknown): void
}

/** `query`: that of the request, in words of records. */
export function openPlace(
  feed: Feed,
  { request, query }: { request: LimitedFollow; query: string },
  { codec, seat, shared, left, moved, fail }: PlaceOptions,
): Place {
  let asked = askedNow()
  let current: Seat | undefined
  let isClosed = false

  function askedNow(): Pick<SearchRequest, 'query' | 'within'> {
    return { query, within: feed.limit(request) }
  }

  async function take(): Promise<Seat | undefined> {
    for (;;) {
      const mine = asked
      const joined = await feed.join(mine, codec, seat, shared)
      if (!isClosed && mine === asked) return (current = joined)
      joined.leave()
      if (isClosed) return undefined
    }
  }

  const unwatch = feed.shown.onChange(() => {
    const next = askedNow()
    if (next.within?.query === asked.within?.query) return
    asked = next
    const before = current
    current = undefined
    // Who is still waiting for a seat takes the right one.
    if (!before) return
    left()
    before.leave()
    take().then((joined) => joined && moved(joined), fail)
  })

  return {
    asked: () => asked,
    take,
    close() {
      isClosed = true
      unwatch()
      current?.leave()
    },
  }
}
