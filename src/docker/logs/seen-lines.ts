// The lines of a container's log that have been read. The engine gives no numbers: a line is known by its stream, its time and its number
// among those of the same time. A follow may leave out lines where the log is rotated, so what came through one is remembered line by
// line until the log itself was read again that far (decisions/085).
import type { Held } from './join-entries.ts'
import type { LogLine } from './log-lines.ts'

type Stream = LogLine['stream']

/** All lines before this time, and `count` of those that have it. */
export interface Place {
  time: string
  count: number
}

interface StreamSeen {
  /** All up to here is read, or was not there to be read. */
  floor: Place
  newest: Place
  /** Time → lines read at that time beyond the floor. */
  above: Map<string, number>
  /** The sum of these. */
  between: number
  /** Floor, and lines beyond it, of a hub that is no more, while nobody has counted what the log has there. */
  unchecked?: { floor: Place; between: number } | undefined
}

/** As it is kept with the records: of each stream its floor, its newest line, and how many lines were read between both. */
export type SeenState = Partial<
  Record<Stream, [floor: string, floorCount: number, newest: string, newestCount: number, between: number]>
>

export interface SeenLines {
  /** Takes the line in; false where it was read before. `proven`: nothing before it can have been left out. */
  add(line: LogLine, proven: boolean): boolean
  /** Lines that came through a follow alone. */
  unproven(): number
  /** Lines of the log between floors and newest lines of the hub before were counted. */
  checked(): void
  /** The log itself was read up to these places. */
  prove(places: ReadonlyMap<Stream, Place>): void
  /** The time from which the log must be asked for, so that no line of a stream is passed over; undefined for all of it. */
  since(from: 'floor' | 'newest'): string | undefined
  /** The newest line below all that is unproven: a log that has it not any more has lost lines. */
  newestFloor(): (Place & { stream: Stream }) | undefined
  /** `held`: lines that are read and not handed on, the last ones of their streams. */
  state(held?: Held): SeenState
}

/**
 * Streams together are not in the order of time: a line of one may come so much later than a younger one of the other. Engines take the
 * time before they write, and wait for each other when they do; all of this is read again whenever a follow begins.
 */
const disorderSeconds = 10
const nothing: Place = { time: '', count: 0 }

export function openSeenLines(saved: SeenState = {}): SeenLines {
  const streams = new Map<Stream, StreamSeen>()
  for (const [stream, [floorTime, floorCount, time, count, between]] of Object.entries(saved)) {
    const unchecked = between > 0 ? { floor: { time: floorTime, count: floorCount }, between } : undefined
    const newest = { time, count }
    streams.set(stream as Stream, { floor: newest, newest, above: new Map(), between: 0, unchecked })
  }

  function streamOf(stream: Stream): StreamSeen {
    const known = streams.get(stream)
    if (known) return known
    const made = { floor: nothing, newest: nothing, above: new Map(), between: 0 }
    streams.set(stream, made)
    return made
  }

  function newestOf(which: 'floor' | 'newest'): (Place & { stream: Stream }) | undefined {
    let found: (Place & { stream: Stream }) | undefined
    for (const [stream, seen] of streams) if (seen[which].time > (found?.time ?? '')) found = { stream, ...seen[which] }
    return found
  }

  return {
    add({ stream, time, ordinal }, proven) {
      const seen = streamOf(stream)
      const { floor, newest, above } = seen
      if (time < floor.time) return false
      const have = (above.get(time) ?? 0) + (time === floor.time ? floor.count : 0)
      if (ordinal <= have) return false
      if (time > newest.time || (time === newest.time && ordinal > newest.count)) seen.newest = { time, count: ordinal }
      if (proven && above.size === 0) seen.floor = seen.newest
      else {
        above.set(time, (above.get(time) ?? 0) + 1)
        seen.between++
      }
      return true
    },
    unproven: () => [...streams.values()].reduce((sum, { between }) => sum + between, 0),
    checked() {
      for (const seen of streams.values()) seen.unchecked = undefined
    },
    prove(places) {
      for (const [stream, place] of places) {
        const seen = streamOf(stream)
        const { floor, above } = seen
        if (place.time < floor.time) continue
        const have = (above.get(place.time) ?? 0) + (place.time === floor.time ? floor.count : 0)
        for (const time of above.keys()) if (time <= place.time) above.delete(time)
        if (have > place.count) above.set(place.time, have - place.count)
        seen.floor = place
        seen.between = [...above.values()].reduce((sum, count) => sum + count, 0)
      }
    },
    since(from) {
      const newest = newestOf(from)
      if (!newest) return undefined
      const [seconds, fraction] = newest.time.split('.') as [string, string]
      const bound = `${String(Math.max(0, Number(seconds) - disorderSeconds)).padStart(10, '0')}.${fraction}`
      const oldest = streams.size < 2 ? '' : [...streams.values()].map((seen) => seen[from].time).sort()[0]!
      return oldest > bound ? oldest : bound
    },
    newestFloor: () => newestOf('floor'),
    state: (held) =>
      Object.fromEntries([...streams].map(([stream, seen]) => [stream, stateOf(seen, held?.get(stream))])),
  }
}

function stateOf({ floor, newest, between, unchecked }: StreamSeen, held: readonly LogLine[] = []): SeenState[Stream] {
  const bottom = unchecked?.floor ?? floor
  const count = between + (unchecked?.between ?? 0)
  const [first] = held
  if (!first) return [bottom.time, bottom.count, newest.time, newest.count, count]
  const before = { time: first.time, count: first.ordinal - 1 }
  const isProven = bottom.time > before.time || (bottom.time === before.time && bottom.count >= before.count)
  const below = isProven ? before : bottom
  return [below.time, below.count, before.time, before.count, isProven ? 0 : Math.max(0, count - held.length)]
}

/** Of lines that were read by a hub that is no more: whether a line lies where a follow may have left out some. */
export function liesBetween(saved: SeenState, { stream, time, ordinal }: LogLine): boolean {
  const kept = saved[stream]
  if (!kept) return false
  const [floor, floorCount, newest, newestCount] = kept
  const isAbove = time > floor || (time === floor && ordinal > floorCount)
  return isAbove && (time < newest || (time === newest && ordinal <= newestCount))
}

/** As it was when all was read up to the floors alone. */
export function floorsOf(saved: SeenState): SeenState {
  return Object.fromEntries(
    Object.entries(saved).map(([stream, [floor, count]]) => [stream, [floor, count, floor, count, 0]]),
  )
}

/** Lines that were read between floors and newest lines. */
export function betweenOf(saved: SeenState): number {
  return Object.values(saved).reduce((sum, [, , , , between]) => sum + between, 0)
}
