// Entries as text, ready for one write: a buffer that is used again and again, with the end of each entry, so that a
// write that failed half way can be cut back to whole entries.
import type { RecordBatch } from '../contracts/batch.ts'
import { kinds, severityName } from '../contracts/record.ts'
import { bytesHaveAnsi, stripAnsiBytes, textHasAnsi } from '../text/ansi.ts'
import { openExtrasText } from '../json/extras-text.ts'
import { createTimeStamp } from '../time/clock.ts'
import { formatFields, kindPrefix } from '../wire/text-line.ts'

export interface EntryLines {
  count: number
  /** Entry `i` is `bytes[ends[i - 1] ?? 0, ends[i])`, with its line feed. */
  bytes: Buffer
  ends: Uint32Array
  id: Float64Array
  /** Index into `kinds`. */
  kind: Uint8Array
}

/** Text between time and message, by kind and severity: see `leadIndex`. */
export type Leads = readonly Uint8Array[]

export interface EntryFormat {
  /** Text before the time. */
  opening: string
  utc: boolean
  /** Times with their offset from UTC. */
  hasOffset?: boolean
  ansi: 'strip' | 'keep'
  fields: boolean
}

export interface EntryWriter {
  lines: EntryLines
  /** Bytes waiting in `lines`. */
  length(): number
  /** To be called before the entries of a batch are added. */
  begin(batch: RecordBatch): void
  /** Of the record's logger, as it is asked for most. */
  loggerOf(batch: RecordBatch, index: number): string | undefined
  add(batch: RecordBatch, index: number, leads: Leads): void
  clear(): void
}

/** Beyond this a buffer that had to grow for giant lines is given back. */
const keptBytes = 4 << 20

const severitiesPerKind = 6
const lastOwnKind = kinds.indexOf('audit')

/** Leads for each kind and level. */
export function createLeads(lead: (level: string) => string): Leads {
  return kinds.flatMap((kind) =>
    Array.from({ length: severitiesPerKind }, (_, level) =>
      Buffer.from(lead(severityName(level * 4 + 1)) + kindPrefix(kind)),
    ),
  )
}

function leadIndex(kind: number, severity: number): number {
  return kind * severitiesPerKind + (severity > 24 ? 5 : severity < 1 ? 0 : (severity - 1) >> 2)
}

const noLines = (): EntryLines => ({
  count: 0,
  bytes: Buffer.allocUnsafeSlow(256 << 10),
  ends: new Uint32Array(4096),
  id: new Float64Array(4096),
  kind: new Uint8Array(4096),
})

function doubleColumns(lines: EntryLines): void {
  const grow = <T extends Uint32Array | Float64Array | Uint8Array>(from: T, to: T): T => (to.set(from), to)
  const size = lines.ends.length * 2
  lines.ends = grow(lines.ends, new Uint32Array(size))
  lines.id = grow(lines.id, new Float64Array(size))
  lines.kind = grow(lines.kind, new Uint8Array(size))
}

export function createEntryWriter(format: EntryFormat): EntryWriter {
  const stamp = createTimeStamp(format)
  const opening = Buffer.from(format.opening)
  const timeEnd = opening.length + stamp(0).length
  // Opening, time and lead of the entry before, most of which the next one has in common.
  let head: Uint8Array = Buffer.from(opening)
  let headTime = Number.NaN
  let headLead: Uint8Array | undefined
  let at = 0
  const lines = noLines()

  function makeHead(time: number, lead: Uint8Array): void {
    if (lead !== headLead) {
      head = new Uint8Array(timeEnd + lead.length)
      head.set(opening)
      head.set(lead, timeEnd)
    }
    head.set(stamp(time), opening.length)
    headTime = time
    headLead = lead
  }

  function reserveBytes(more: number): void {
    if (at + more <= lines.bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(at + more, lines.bytes.length * 2))
    lines.bytes.copy(larger, 0, 0, at)
    lines.bytes = larger
  }

  function reserveEntry(): void {
    if (lines.count === lines.ends.length) doubleColumns(lines)
  }

  /** Events and gaps say in words what their fields hold. */
  function addFields({ extras, kind }: RecordBatch, index: number): void {
    if (!format.fields || kind[index]! > lastOwnKind) return
    if (extras.json) {
      if (extras.json.start[index] === extras.json.end[index]) return
      reserveBytes(extrasText.mostFieldBytes(index) + 1)
      const to = extrasText.copyFields(index, lines.bytes, at)
      if (to >= 0) return void (at = to)
    }
    const own = extras(index)?.fields
    if (!own) return
    const fields = formatFields(own)
    reserveBytes(fields.length * 3 + 1)
    at += lines.bytes.write(fields, at)
  }

  let text: Buffer = Buffer.alloc(0)
  let plain = true
  const extrasText = openExtrasText()

  return {
    lines,
    length: () => at,
    begin(batch) {
      text = Buffer.from(batch.text.buffer, batch.text.byteOffset, batch.text.length)
      plain = format.ansi === 'keep' || !bytesHaveAnsi(text)
      if (batch.extras.json) extrasText.begin(batch.extras.json)
    },
    loggerOf: ({ extras }, index) => {
      const { json } = extras
      if (!json) return extras(index)?.logger
      return json.start[index] === json.end[index] ? undefined : extrasText.logger(index)
    },
    add(batch, index, leads) {
      const start = batch.start[index]!
      const end = batch.end[index]!
      const kind = batch.kind[index]!
      const lead = leads[leadIndex(kind, batch.severity[index]!)] ?? leads[0]!
      const time = batch.time[index]!
      if (time !== headTime || lead !== headLead) makeHead(time, lead)
      reserveEntry()
      reserveBytes(head.length + end - start + 1)
      lines.bytes.set(head, at)
      at += head.length
      if (!plain && textHasAnsi(text, start, end)) {
        at += stripAnsiBytes(text, start, end, lines.bytes, at)
      } else {
        at += text.copy(lines.bytes, at, start, end)
      }
      addFields(batch, index)
      lines.bytes[at++] = 0x0a
      lines.ends[lines.count] = at
      lines.id[lines.count] = batch.id[index]!
      lines.kind[lines.count] = kind
      lines.count++
    },
    clear() {
      lines.count = 0
      at = 0
      if (lines.bytes.length > keptBytes) lines.bytes = Buffer.allocUnsafeSlow(256 << 10)
    },
  }
}
