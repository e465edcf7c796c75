// Frames of another host's spool, as it hands them on: read with care, since whoever sends them is another program, on another
// machine, and what is committed is read by everybody.
import type { RecordBatch } from '../contracts/batch.ts'
import { LogboomError } from '../contracts/errors.ts'
import { kinds, streams } from '../contracts/record.ts'
import { faultOfSourceName, hubSource } from '../text/source-name.ts'
import { decodeBatch, tryBatchHeader } from './batch-codec.ts'
import { checkFrame, frameBytes, frameHeaderBytes, readFrameHeader } from './frame.ts'

const mostSeverity = 24

/** Batches with records; throws `relay-damaged` where anything is not as it must be. */
export function decodeRelayed(bytes: Uint8Array): RecordBatch[] {
  const batches: RecordBatch[] = []
  for (let at = 0; at < bytes.length;) {
    const payload = payloadAt(bytes, at)
    at += frameBytes(payload.length)
    const header = tryBatchHeader(payload)
    if (!header) throw damaged('a frame holds no batch')
    if (header.count === 0) continue
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
  const { source, count, text, start, end, seq, time, observed, stream, kind, severity } = batch
  if (source !== hubSource && faultOfSourceName(source) !== undefined) throw damaged('a source has no name')
  const json = batch.extras.json
  for (let row = 0; row < count; row++) {
    const isPlaced = start[row]! <= end[row]! && end[row]! <= text.length
    const isNumbered = Number.isSafeInteger(seq[row]) && Number.isFinite(time[row]) && Number.isFinite(observed[row])
    const isKnown = stream[row]! < streams.length && kind[row]! < kinds.length && severity[row]! <= mostSeverity
    if (!isPlaced || !isNumbered || !isKnown) throw damaged('a record is not what records are')
    if (json && !isExtras(json.bytes, json.start[row]!, json.end[row]!)) throw damaged('fields of a record are no JSON')
  }
}

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
