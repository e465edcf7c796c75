// The header of a block: enough to skip it, and where its parts lie. Small, since all headers of a store are read
// before the first search.
import { crc32 } from 'node:zlib'
import type { Origin } from '../../../contracts/batch.ts'
import type { Extent } from '../../../query/plan/plan.ts'
import { kinds, streams } from '../../../contracts/record.ts'

/** The blocks of one sealed part of the log; only together do they count. */
export interface SealGroup {
  first: number
  last: number
  /** From 0. */
  part: number
  /** In the last of them only: how many they are. */
  parts?: number
  /** How many records of the group were removed on purpose. */
  removed?: number
}

/** Rows that share an origin, behind each other in row order. */
export interface OriginRows extends Omit<Origin, 'source'> {
  count: number
  firstSeq: number
  lastSeq: number
}

/** Columns that have terminal control sequences. */
export interface Colours {
  messages: boolean
  extras: boolean
}

export interface BlockHeader {
  group: SealGroup
  source: string
  count: number
  origins: OriginRows[]
  firstId: number
  lastId: number
  /** Event time, Unix milliseconds; both inclusive. */
  timeFrom: number
  timeTo: number
  severities: number[]
  streams: number[]
  kinds: number[]
  /** See `ExtrasJson`. */
  exponents?: true
  /** Absent in blocks of older versions, whose filters do not know the words that colours take apart. */
  colours?: Colours
  /** Bytes of the messages and of the JSON of the extras, before compression. */
  rawBytes: number
  /** Bytes of what follows the header, in this order; the sections take the rest. */
  gramsBytes: number
  gramsRawBytes: number
  wordsBytes: number
  wordsCrc: number
  countsBytes: number
  countsCrc: number
  directoryBytes: number
  directoryRawBytes: number
}

const encoder = new TextEncoder()
const prefixBytes = 8

/** u32 length · u32 CRC-32 of the JSON · JSON. */
export function encodeBlockHeader(header: BlockHeader): Uint8Array {
  const json = encoder.encode(JSON.stringify(header))
  const bytes = new Uint8Array(prefixBytes + json.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, json.length, true)
  view.setUint32(4, crc32(json), true)
  bytes.set(json, prefixBytes)
  return bytes
}

/** How many bytes the header takes that begins here. */
export function blockHeaderBytes(payload: Uint8Array): number {
  if (payload.length < prefixBytes) return Infinity
  return prefixBytes + new DataView(payload.buffer, payload.byteOffset).getUint32(0, true)
}

/** Undefined when it is damaged. */
export function decodeBlockHeader(payload: Uint8Array): BlockHeader | undefined {
  if (payload.length < blockHeaderBytes(payload)) return undefined
  const json = payload.subarray(prefixBytes, blockHeaderBytes(payload))
  // Nothing but zeros would have the right checksum.
  if (json.length === 0 || crc32(json) !== new DataView(payload.buffer, payload.byteOffset).getUint32(4, true))
    return undefined
  try {
    const header = JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.length).toString('utf8')) as BlockHeader
    return isConsistent(header) ? header : undefined
  } catch {
    return undefined
  }
}

/** More than a block can have, and too many to make room for. */
const tooMany = 1 << 27

/** Of a header that says this all questions can be asked; what else it says may be wrong. */
function isConsistent(header: BlockHeader): boolean {
  const { group, source, count, origins, firstId, lastId, timeFrom, timeTo } = header
  const parts = [header.gramsBytes, header.gramsRawBytes, header.wordsBytes, header.countsBytes]
  const rest = [header.directoryBytes, header.directoryRawBytes, header.rawBytes, group.part, group.removed ?? 0]
  const isWhole = (number: number): boolean => Number.isSafeInteger(number) && number >= 0
  const areAmong = (numbers: readonly number[], end: number): boolean =>
    numbers.length > 0 && numbers.every((number) => isWhole(number) && number < end)
  return (
    typeof source === 'string' &&
    [...parts, ...rest, count, firstId, lastId, group.first, group.last].every(isWhole) &&
    count > 0 &&
    count <= Math.min(tooMany, lastId - firstId + 1) &&
    group.first <= firstId &&
    lastId <= group.last &&
    [timeFrom, timeTo].every((time) => Number.isFinite(Number(time))) &&
    areAmong(header.severities, 256) &&
    areAmong(header.streams, streams.length) &&
    areAmong(header.kinds, kinds.length) &&
    origins.every((origin) => typeof origin.session === 'string' && [origin.run, origin.count].every(isWhole)) &&
    origins.reduce((sum, origin) => sum + origin.count, 0) === count
  )
}

/** Facts that a query can be held against without reading more. */
export function extentOf(header: BlockHeader): Extent {
  const runs = header.origins.map((origin) => origin.run)
  return {
    sources: [header.source],
    sessions: header.origins.map((origin) => origin.session),
    runFrom: Math.min(...runs),
    runTo: Math.max(...runs),
    severityFrom: header.severities[0]!,
    severityTo: header.severities.at(-1)!,
    streams: header.streams.map((index) => streams[index]!),
    kinds: header.kinds.map((index) => kinds[index]!),
    timeFrom: header.timeFrom,
    timeTo: header.timeTo,
    idFrom: header.firstId,
    idTo: header.lastId,
  }
}
