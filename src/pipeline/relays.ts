// Records of other hosts on their way into the store: each message is committed with the place that it reaches, so that what is sent
// again is passed over. They were shaped where they were captured; nothing is done to them here but that they get the names of this
// hub.
import { zstdDecompressSync } from 'node:zlib'
import type { RecordBatch } from '../contracts/batch.ts'
import { LogboomError } from '../contracts/errors.ts'
import type { RelayPlace, RelayRequest } from '../contracts/hosts/relay.ts'
import type { CursorValue, Store } from '../contracts/store.ts'
import { selectRows } from '../query/match/select-rows.ts'
import { decodeRelayed } from '../wire/relayed-frames.ts'
import type { Collected } from './ingest.ts'

export interface Relays {
  /** See Storage. */
  add(request: RelayRequest, frames: Uint8Array): Promise<RelayPlace>
  place(agent: string): RelayPlace
  /** As many as one commit takes; undefined when none waits. */
  collect(): Collected | undefined
  refuse(error: LogboomError): void
}

interface Relay {
  request: RelayRequest
  frames: Uint8Array
  resolve(place: RelayPlace): void
  reject(error: Error): void
}

/** Bytes and records of one commit, unpacked: the message that reaches either is its last. */
const groupBytes = 8 * 1024 * 1024
const groupRows = 131_072
/** Of one message, unpacked: the frame of a full step with all its fields. */
const mostUnpackedBytes = 64 * 1024 * 1024

const placeKey = (agent: string): string => `relay/${agent}`
const runsKey = (agent: string, source: string): string => `relay/${agent}/${source}`

export function openRelays(store: Store, { session, now }: { session: string; now(): number }): Relays {
  const waiting: Relay[] = []

  /** `cursors`: of the commit that is being put together. */
  function throughOf(agent: string, cursors?: ReadonlyMap<string, CursorValue | null>): number | undefined {
    const cursor = cursors?.get(placeKey(agent)) ?? store.cursors().get(placeKey(agent))
    return cursor === undefined ? undefined : Number(cursor['through'])
  }

  /** Runs of an agent that is new here are behind those of the one before it. */
  function runsBefore(agent: string, from: string, source: string, cursors: Map<string, CursorValue | null>): number {
    const key = runsKey(agent, from)
    const known = cursors.get(key) ?? store.cursors().get(key)
    if (known) return Number(known['runs'])
    const runs = store.lastRuns()[source] ?? 0
    cursors.set(key, { runs })
    return runs
  }

  /** With the runs that these cursors tell of. */
  function placeBy(agent: string, cursors: ReadonlyMap<string, CursorValue | null>): RelayPlace {
    const through = throughOf(agent)
    const prefix = runsKey(agent, '')
    const own = [...cursors].filter(([key]) => key.startsWith(prefix))
    return {
      ...(through === undefined ? {} : { through }),
      runs: Object.fromEntries(own.map(([key, cursor]) => [key.slice(prefix.length), Number(cursor?.['runs'])])),
    }
  }

  /** The records as they are called here; throws where they are none. */
  function named(
    frames: Uint8Array,
    { agent, host, skewMs }: RelayRequest,
    cursors: Map<string, CursorValue | null>,
  ): RecordBatch[] {
    return decodeRelayed(frames).map((batch) => {
      const source = `${host}/${batch.source}`
      const run = batch.run + (batch.run > 0 ? runsBefore(agent, batch.source, source, cursors) : 0)
      return { ...batch, ...timesHere(batch, skewMs, now()), source, run, session }
    })
  }

  /** `bytes`: of the message, unpacked. */
  function take(
    { request, frames }: Relay,
    cursors: Map<string, CursorValue | null>,
  ): { batches: RecordBatch[]; bytes: number } {
    const { agent, after, through, host } = request
    const here = throughOf(agent, cursors)
    if (here !== undefined && through <= here) return { batches: [], bytes: 0 }
    if ((after ?? 0) > (here ?? 0))
      throw new LogboomError(
        'relay-out-of-order',
        `Records behind ${here ?? 0} are missing before those behind ${after}.`,
      )
    const own = new Map(cursors)
    const unpacked = inflate(frames)
    const batches = named(unpacked, request, own).flatMap((batch) => behind(batch, here ?? 0))
    for (const [key, cursor] of own) cursors.set(key, cursor)
    cursors.set(placeKey(agent), { through, host })
    return { batches, bytes: unpacked.length }
  }

  return {
    add: (request, frames) => new Promise((resolve, reject) => void waiting.push({ request, frames, resolve, reject })),
    place: (agent) => placeBy(agent, store.cursors()),
    collect() {
      if (waiting.length === 0) return undefined
      const cursors = new Map<string, CursorValue | null>()
      const { batches, bytes, taken } = takeGroup(waiting, (relay) => take(relay, cursors))
      return {
        batches,
        cursors,
        bytes,
        more: waiting.length > 0,
        committed() {
          for (const { request, resolve } of taken) resolve(placeBy(request.agent, cursors))
        },
        failed(error) {
          for (const { reject } of taken) reject(error)
        },
      }
    },
    refuse(error) {
      for (const { reject } of waiting.splice(0)) reject(error)
    },
  }
}

/** Takes as many messages as one commit takes; the sender of one that cannot be taken is told. */
function takeGroup(waiting: Relay[], take: (relay: Relay) => { batches: RecordBatch[]; bytes: number }) {
  const batches: RecordBatch[] = []
  const taken: Relay[] = []
  let bytes = 0
  let rows = 0
  while (waiting.length > 0 && bytes < groupBytes && rows < groupRows) {
    const relay = waiting.shift()!
    try {
      const more = take(relay)
      batches.push(...more.batches)
      bytes += more.bytes
      rows += more.batches.reduce((sum, { count }) => sum + count, 0)
      taken.push(relay)
    } catch (error) {
      // The work of finding out may have been any amount.
      bytes += groupBytes
      relay.reject(error as Error)
    }
  }
  return { batches, bytes, taken }
}

/** Rows with greater ids, which are still those of the agent. */
function behind(batch: RecordBatch, id: number): RecordBatch[] {
  if (batch.id[0]! > id) return [batch]
  const rows = Array.from({ length: batch.count }, (_, row) => row).filter((row) => batch.id[row]! > id)
  return rows.length === 0 ? [] : [selectRows(batch, rows)]
}

function inflate(frames: Uint8Array): Uint8Array {
  try {
    return zstdDecompressSync(frames, { maxOutputLength: mostUnpackedBytes })
  } catch (cause) {
    throw new LogboomError('relay-damaged', `This cannot be unpacked: ${(cause as Error).message}`, { cause })
  }
}

/** The first moment that is a date. */
const earliest = -8.64e15

/** Times by this machine's clock: of the capture, and of those records that name no time themselves. Nothing was captured in the future. */
function timesHere(
  { time, observed, count }: RecordBatch,
  skewMs: number,
  now: number,
): Pick<RecordBatch, 'time' | 'observed'> {
  if (skewMs === 0) return { time, observed }
  const times = new Float64Array(time)
  const capture = new Float64Array(count)
  for (let row = 0; row < count; row++) {
    capture[row] = Math.max(earliest, Math.min(now, observed[row]! + skewMs))
    if (time[row] === observed[row]) times[row] = capture[row]!
  }
  return { time: times, observed: capture }
}
