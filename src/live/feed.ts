// Everything that is committed, handed on to one channel per distinct query and form. Listens to the storage only while
// somebody follows, so that a hub nobody looks at stays idle.
import type { RecordBatch } from '../contracts/batch.ts'
import { narrowWithin, type SearchRequest, type Within } from '../contracts/request.ts'
import type { Storage } from '../contracts/storage.ts'
import { compileQuery, type Predicate } from '../query/match/compile-query.ts'
import { parseWithin } from '../query/language/parse-within.ts'
import type { Query } from '../query/language/syntax-tree.ts'
import { eachPlace, type RecordPlace } from '../query/read/records-of.ts'
import { filterBatch } from '../query/match/compile-query.ts'
import { LogboomError } from '../contracts/errors.ts'
import { followCodec, type Codec } from './codec.ts'
import { openFollowers, type Followers } from './followers.ts'
import { openChannel, type Channel, type Seat, type SeatOptions } from './channel.ts'
import type { LimitedFollow } from './follower.ts'
import { usuallyShown, type Shown } from './shown/shown.ts'
import { listen, type Listening } from './listening.ts'
import { openShedding } from './shed/open-shedding.ts'
import type { Sieve } from './shed/shared-stream.ts'
import { openSieve, sieveKey, type SieveForm } from './thin/sieve.ts'
import { openTurns, type Turns } from './turns.ts'
import { openUnkept, type Unkept } from './unkept.ts'
import { openUnreadBytes, type UnreadBytes } from './unread-bytes.ts'

export interface Feed {
  storage: Storage
  /** A query with all that only a hub knows put into words of records, as far as the asker may know it. */
  resolve(query: string, within: Within | undefined): string
  /** Throws `query-invalid`. */
  parse(request: Pick<SearchRequest, 'query' | 'within'>): Query
  shown: Shown
  /** A query that all lines of this follow match: what the caller may see, and what is shown. */
  limit(request: Pick<LimitedFollow, 'within' | 'shown'>): Within | undefined
  /** Of those who ask for no other form. */
  codec: Codec
  unkept: Unkept
  /**
   * Throws `query-invalid` and `too-many`; the seat comes when the storage is being listened to. `shared`: see
   * `FollowForm.isShared`.
   */
  join(
    request: Pick<SearchRequest, 'query' | 'within'>,
    codec: Codec,
    options: SeatOptions,
    shared?: SieveForm,
  ): Promise<Seat>
  /** Followers that read from the store: what they hold of it is bounded by how many do so at once. */
  readings: Turns
  unread: UnreadBytes
  followers: Followers
}

export interface FeedOptions {
  /** Lines held in memory for those who look while the store cannot be written. */
  memoryLogs?: number | undefined
  resolve?: Feed['resolve']
  /** Default: INFO and up. */
  shown?: Shown | undefined
  /** Tells the hub's log how streaming fares. */
  warn?(message: string): void
}

const asWritten = (query: string): string => query

/** Bounds of all channels together, and of each. */
const heldLimitBytes = 32 * 1024 * 1024
const channelHeldLimitBytes = 4 * 1024 * 1024
/** Each looks at every record that comes. */
const maxChannels = 200
const readingsAtOnce = 8

export function openFeed(storage: Storage, options: FeedOptions = {}): Feed {
  const { memoryLogs = 1000, resolve = asWritten, shown = usuallyShown, warn: tell = () => undefined } = options
  let listening: Promise<Listening> | undefined
  const shedding = openShedding(tell)
  let users = 0
  const { services } = storage
  const parse: Feed['parse'] = ({ query = '', within }) => parseWithin(query, within, { serviceNames: services.names })

  return {
    storage,
    resolve,
    parse,
    shown,
    limit: ({ within, shown: asked = false }) =>
      asked === false ? within : narrowWithin(within, shown.query(asked === true ? undefined : asked)),
    codec: followCodec(services),
    readings: openTurns(readingsAtOnce),
    unread: openUnreadBytes(),
    followers: openFollowers(),
    unkept: openUnkept(storage, memoryLogs),
    async join(request, codec, seatOptions, shared) {
      const parsed = parse(request)
      const predicate = compileQuery(parsed)
      users++
      let mine: Promise<Listening> | undefined
      let begun = false
      try {
        mine = listening ??= listen(storage)
        const { head, channels } = await mine
        begun = true
        const key = `${codec.key} ${JSON.stringify(parsed)} ${shared ? sieveKey(shared) : ''}`
        let channel = channels.get(key)
        if (!channel) {
          if (channels.size >= maxChannels)
            throw new LogboomError(
              'too-many',
              `${maxChannels} different queries are followed, which is all this hub can.`,
            )
          const limit = () => Math.min(channelHeldLimitBytes, heldLimitBytes / channels.size)
          channel = openChannel(head, {
            select: (batches) => placesIn(batches, predicate),
            matchesAll: parsed.type === 'all',
            codec,
            heldLimitBytes: limit,
            ...(shared ? { sieve: sieveOf(shared, request, codec), watch: shedding.join } : {}),
          })
          channels.set(key, channel)
        }
        return seatIn(channel, seatOptions, () => {
          if (channel.seats() === 0) {
            channels.delete(key)
            channel.close()
          }
          release()
        })
      } catch (error) {
        // Listening that has begun is for the others, too.
        if (begun) release()
        else {
          if (listening === mine) listening = undefined
          users--
        }
        throw error
      }
    },
  }

  function sieveOf(form: SieveForm, { query, within }: Pick<SearchRequest, 'query' | 'within'>, codec: Codec): Sieve {
    const asked = { ...(query ? { query } : {}), within }
    return openSieve({
      ...form,
      wantsLogger: codec.wantsLogger,
      shedding: shedding.shedding,
      async count(after, before) {
        let count = 0
        for await (const summary of storage.summarize({ ...asked, after, before })) count = summary.count
        return count
      },
    })
  }

  function seatIn(channel: Channel, options: SeatOptions, left: () => void): Seat {
    const seat = channel.join(options)
    return {
      ...seat,
      leave() {
        seat.leave()
        left()
      },
    }
  }

  function release(): void {
    users--
    if (users > 0 || !listening) return
    const ended = listening
    listening = undefined
    void ended.then((state) => state.close())
  }
}

/** By ascending id. */
function placesIn(batches: RecordBatch[], predicate: Predicate): Iterable<RecordPlace> {
  const matching = batches.map((batch) => filterBatch(batch, predicate)).filter((batch) => batch !== undefined)
  return eachPlace(matching, 'oldest')
}
