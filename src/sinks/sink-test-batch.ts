// Small batches and a context for the tests of sinks.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import type { Origin, RecordBatch, RecordExtras } from '../contracts/batch.ts'
import { kinds, type Kind } from '../contracts/record.ts'
import type { SinkContext } from '../contracts/sink.ts'

export interface TestRecord {
  id: number
  message: string | Uint8Array
  time?: number
  severity?: number
  kind?: Kind
  extras?: RecordExtras
}

export function batchOf(origin: Partial<Origin>, records: readonly TestRecord[]): RecordBatch {
  const count = records.length
  const messages = records.map(({ message }) => Buffer.from(message as string))
  const end = new Uint32Array(count)
  const start = new Uint32Array(count)
  // Something before, so that a text which is a view on more bytes is tried too.
  let at = 5
  messages.forEach((message, i) => {
    start[i] = at
    end[i] = at += message.length
  })
  const time = Float64Array.from(records, (record) => record.time ?? 1_700_000_000_000)
  return {
    source: 'api',
    run: 1,
    session: 'logboom-session-1',
    pid: 4157,
    ...origin,
    count,
    text: Buffer.concat([Buffer.from('.....'), ...messages]),
    start,
    end,
    id: Float64Array.from(records, ({ id }) => id),
    seq: Float64Array.from(records, ({ id }) => id),
    time,
    observed: time,
    stream: new Uint8Array(count),
    kind: Uint8Array.from(records, ({ kind }) => kinds.indexOf(kind ?? 'system')),
    severity: Uint8Array.from(records, ({ severity }) => severity ?? 9),
    extras: (index) => records[index]!.extras,
  }
}

/** Records `from` to `to` (inclusive) whose messages name their ids. */
export function numbered(
  from: number,
  to: number,
  message: (id: number) => string = (id) => `line ${id}`,
): TestRecord[] {
  return Array.from({ length: to - from + 1 }, (_, i) => ({ id: from + i, message: message(from + i) }))
}

export interface TestContextOfSink extends SinkContext {
  warnings: string[]
  gaps: { source: string; message: string; fields: Record<string, unknown> }[]
  time: number
}

export function sinkContext(directory: string, saved?: unknown): TestContextOfSink {
  const context: TestContextOfSink = {
    directory,
    session: 'logboom-session-1',
    serviceNames: {},
    warnings: [],
    gaps: [],
    time: 1_700_000_000_000,
    now: () => context.time,
    warn: (message) => void context.warnings.push(message),
    gap: (source, { message, extras }) => void context.gaps.push({ source, message, fields: extras!.fields! }),
    // As it comes back from the disk.
    saved: saved === undefined ? undefined : JSON.parse(JSON.stringify(saved)),
  }
  return context
}

export function scratch(t: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-sinks-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export function linesOf(...file: string[]): string[] {
  return readFileSync(path.join(...file), 'utf8')
    .split('\n')
    .slice(0, -1)
}
