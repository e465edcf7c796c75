// Lines of a file → a batch as the first stage gets it: text untouched, severity unknown, what was odd told in fields.
import { isUtf8 } from 'node:buffer'
import type { Origin, RecordBatch, RecordExtras } from '../contracts/batch.ts'
import { streams, type Stream } from '../contracts/record.ts'
import type { TailChunk } from '../tail/tail-chunk.ts'

const encoder = new TextEncoder()

export interface LinesOrigin extends Origin {
  stream: Stream
  /** Becomes the field `log.file.path`. */
  label: string | undefined
}

/**
 * Fields set here: `logboom.fragment` (number of the part of a line that was too long, from 1; `logboom.lastFragment`
 * true on its last) and `logboom.bytes` (the original bytes of a line that is not UTF-8, base64; its message has U+FFFD
 * in their place).
 */
export function shapeLines(chunk: TailChunk, origin: LinesOrigin, observed: number, firstSeq: number): RecordBatch {
  const count = chunk.start.length
  const extras = new Map<number, RecordExtras>()
  if (chunk.fragment)
    extras.set(0, {
      fields: { 'logboom.fragment': chunk.fragment, ...(chunk.lastFragment ? { 'logboom.lastFragment': true } : {}) },
    })
  const { stream, label } = origin
  const { text, start, end } = chunk.utf8 ? chunk : repairText(chunk, extras)
  const seq = new Float64Array(count)
  for (let i = 0; i < count; i++) seq[i] = firstSeq + i
  return {
    source: origin.source,
    run: origin.run,
    session: origin.session,
    pid: origin.pid,
    count,
    text,
    start,
    end,
    id: new Float64Array(count),
    seq,
    time: new Float64Array(count).fill(observed),
    observed: new Float64Array(count).fill(observed),
    stream: new Uint8Array(count).fill(streams.indexOf(stream)),
    kind: new Uint8Array(count),
    severity: new Uint8Array(count),
    extras: label === undefined ? (index) => extras.get(index) : withLabel(extras, label),
  }
}

function withLabel(extras: ReadonlyMap<number, RecordExtras>, label: string): RecordBatch['extras'] {
  const fields = { 'log.file.path': label }
  const alone: RecordExtras = { fields }
  return (index) => {
    const own = extras.get(index)
    return own ? { ...own, fields: { ...own.fields, ...fields } } : alone
  }
}

/** Makes every line valid UTF-8 and keeps the bytes of those that were not. */
function repairText(chunk: TailChunk, extras: Map<number, RecordExtras>): Pick<RecordBatch, 'text' | 'start' | 'end'> {
  const count = chunk.start.length
  const start = new Uint32Array(count)
  const end = new Uint32Array(count)
  const lines: Uint8Array[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    const bytes = chunk.text.subarray(chunk.start[i], chunk.end[i])
    let line = bytes
    if (!isUtf8(bytes)) {
      const original = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      line = encoder.encode(original.toString('utf8'))
      extras.set(i, { fields: { ...extras.get(i)?.fields, 'logboom.bytes': original.toString('base64') } })
    }
    lines.push(line)
    start[i] = at
    end[i] = at += line.length
  }
  return { text: Buffer.concat(lines), start, end }
}
