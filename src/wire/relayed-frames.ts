// Frames of another host's spool, as it hands them on: read with care, since whoever sends them is another program, on another
// machine, and what is committed is read by everybody.
import type { RecordBatch } from '../contracts/batch.ts'
import { LogboomError } from '../contracts/errors.ts'
import { kinds, streams } from '../contracts/record.ts'
import { faultOfSourceName, hubSource } from '../text/source-name.ts'
import { decodeBatch, tryBatchHeader } from './batch-codec.ts'
import { checkFrame, frameBytes, frameHeaderBytes, readFrameHeader } from './frame.ts'

const mostSeverity = 24
/** Rows of one message, of whose columns a frame need not have a byte: an agent sends 65,536, or one commit of a source. */
const mostRows = 1 << 20
/** Unix milliseconds that are a date, before and after 1970. */
const mostTime = 8.64e15

/** Batches with records; throws `relay-damaged` where anything is not as it must be. */
export function decodeRelayed(bytes: Uint8Array): RecordBatch[] {
  const batches: RecordBatch[] = []
  let rows = 0
  for (let at = 0; at < bytes.length;) {
    const payload = payloadAt(bytes, at)
    at += frameBytes(payload.length)
    const header = tryBatchHeader(payload)
    if (!header) throw damaged('a frame holds no batch')
    if (header.count === 0) continue
    rows += header.count
    if (rows > mostRows) throw damaged(`there are more than ${mostRows} records`)
    const batch = decodeBatch(payload)
    checkBatch(batch)
    batches.push(batch)
  }
  return batches
}

function payloadAt(bytes: Uint8Array, at: number): Uint8Array {
  const header = bytes.subarray(at, at + frameHeaderBytes)
  const length = readFrameHeader(header)
  if (length === undefined || at + frameBytes(length) > bytes.length) throw damaged('a frame is not whole')
  const payload = bytes.subarray(at + frameHeaderBytes, at + frameHeaderBytes + length)
  if (!checkFrame(header, payload)) throw damaged('a frame is damaged')
  return payload
}

function checkBatch(batch: RecordBatch): void {
  const { source, pid, count, text, start, end, id, seq, time, observed, stream, kind, severity } = batch
  if (!Number.isSafeInteger(pid) || pid < 0) throw damaged('a process has no number')
  if (source !== hubSource && faultOfSourceName(source) !== undefined) throw damaged('a source has no name')
  const json = batch.extras.json
  let used = 0
  for (let row = 0; row < count; row++) {
    const isPlaced = start[row]! <= end[row]! && end[row]! <= text.length
    const isNumbered = Number.isSafeInteger(id[row]) && Number.isSafeInteger(seq[row])
    const isTimed = isTime(time[row]!) && isTime(observed[row]!)
    const isKnown = stream[row]! < streams.length && kind[row]! < kinds.length && severity[row]! <= mostSeverity
    if (!isPlaced || !isNumbered || !isTimed || !isKnown) throw damaged('a record is not what records are')
    used += end[row]! - start[row]!
    if (json && !isExtras(json.bytes, json.start[row]!, json.end[row]!)) throw damaged('fields of a record are no JSON')
  }
  // Texts that are written again lie one behind the other, and would take any amount of memory.
  if (used > text.length) throw damaged('records share their text')
}

const isTime = (time: number): boolean => Math.abs(time) <= mostTime

/** Also where it is empty: few records have fields. */
function isExtras(bytes: Uint8Array, from: number, to: number): boolean {
  if (from === to) return true
  if (from > to || to > bytes.length) return false
  try {
    const value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')) as unknown
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

const damaged = (what: string): LogboomError => new LogboomError('relay-damaged', `This cannot be taken: ${what}.`)
