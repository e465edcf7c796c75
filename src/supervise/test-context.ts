// For tests of this room: a source's context whose catalogue and log are one JSON file, so that the next hub finds
// them even if this one is killed, and whose tail reads the capture files as simply as can be.
import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry, RunRow, SourceContext, TailHandle, TailRequest } from '../source.ts'

export interface TestLine {
  run: number
  stream: string
  message: string
  severity?: number
  fields?: Record<string, unknown>
}

interface Kept {
  runs: RunRow[]
  lines: TestLine[]
  offsets: Record<string, number>
}

export interface TestContext extends SourceContext {
  lines: TestLine[]
  rows: RunRow[]
}

export function openTestContext(directory: string, name = 'test'): TestContext {
  const path = join(directory, 'kept.json')
  const kept: Kept = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as Kept)
    : { runs: [], lines: [], offsets: {} }
  const keep = () => {
    writeFileSync(`${path}.new`, JSON.stringify(kept))
    renameSync(`${path}.new`, path)
  }
  const rowOf = (run: number) => kept.runs.find((row) => row.run === run)!
  return {
    name,
    session: 'test',
    baseDirectory: directory,
    captureDirectory: join(directory, 'capture'),
    lines: kept.lines,
    rows: kept.runs,
    runs: {
      begin: (details) => {
        const row: RunRow = {
          source: name,
          run: kept.runs.length + 1,
          session: 'test',
          startedAt: Date.now(),
          endedAt: null,
          details,
        }
        kept.runs.push(row)
        keep()
        return row
      },
      update: (run, details) => {
        rowOf(run).details = details
        keep()
      },
      end: (run, endedAt, details) => {
        Object.assign(rowOf(run), { endedAt, details })
        keep()
      },
      open: () => kept.runs.filter((row) => row.endedAt === null).map((row) => structuredClone(row)),
      last: () => structuredClone(kept.runs.at(-1)),
    },
    tail: (request) => Promise.resolve(openTail(request, kept, keep)),
    push: ({ run }, entries) => {
      kept.lines.push(...entries.map((entry) => lineOf(run, entry)))
      keep()
      return Promise.resolve()
    },
    changed: () => {},
    now: () => Date.now(),
  }
}

function lineOf(run: number, { message, severity, extras }: Entry): TestLine {
  return { run, stream: 'log', message, severity, fields: extras?.fields }
}

function openTail({ run, stream, path }: TailRequest, kept: Kept, keep: () => void): TailHandle {
  const key = `${run} ${stream}`
  const read = (last: boolean) => {
    const file = openSync(path, 'r')
    const buffer = Buffer.alloc(1 << 20)
    const from = kept.offsets[key] ?? 0
    const text = buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, from))
    closeSync(file)
    const end = last ? text.length : text.lastIndexOf('\n') + 1
    if (end === 0) return
    for (const message of text.slice(0, end).replace(/\n$/, '').split('\n')) kept.lines.push({ run, stream, message })
    kept.offsets[key] = from + Buffer.byteLength(text.slice(0, end))
    keep()
  }
  const timer = setInterval(() => read(false), 20)
  const close = () => Promise.resolve(clearInterval(timer))
  return {
    drain: async () => read(false),
    finish: async () => {
      await close()
      read(true)
      rmSync(path)
    },
    close,
  }
}
