// For tests of this room: a source's context whose catalogue and log are one JSON file, so that the next hub finds
// them even if this one is killed, and whose tail reads the capture files as simply as can be.
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { replaceFile } from '../system/new-file.ts'
import type { RunRow, SourceContext } from '../contracts/source.ts'
import type { Entry, TailHandle, TailRequest } from '../contracts/source-storage.ts'
import { signalProcess } from './process/identity.ts'
import { findMembers } from './process/members.ts'
import { controlPath } from './control-file.ts'
import type { ProcessOptions } from './process-options.ts'

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
  memory?: unknown
}

export interface TestContext extends SourceContext {
  lines: TestLine[]
  rows: RunRow[]
}

export function openTestContext(directory: string, name = 'test'): TestContext {
  const path = join(directory, 'kept.json')
  const kept: Kept = fs.existsSync(path)
    ? (JSON.parse(fs.readFileSync(path, 'utf8')) as Kept)
    : { runs: [], lines: [], offsets: {} }
  const keep = () => {
    replaceFile(path, JSON.stringify(kept))
  }
  const rowOf = (run: number) => kept.runs.find((row) => row.run === run)!
  return {
    name,
    session: 'test',
    baseDirectory: directory,
    captureDirectory: join(directory, 'capture'),
    controlFile: () => controlPath(directory, name),
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
      resume: () => {
        throw new Error('processes begin their runs')
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
    tailFile: () => Promise.reject(new Error('processes have no files of others')),
    tailLogs: () => Promise.reject(new Error('processes have no files of others')),
    rememberedFiles: () => Promise.resolve({ files: [] }),
    sawAllFiles: () => Promise.resolve(),
    backlogBytes: () => Promise.resolve(0),
    forgetFile: () => Promise.resolve(),
    push: ({ run }, entries) => {
      kept.lines.push(...entries.map((entry) => lineOf(run, entry)))
      keep()
      return Promise.resolve()
    },
    offer: () => Promise.reject(new Error('processes cannot send again')),
    lastOnce: () => Promise.resolve(undefined),
    has: () => Promise.resolve(false),
    statusesOf: () => [],
    release: () => Promise.resolve(),
    job: () => Promise.resolve(undefined),
    lineJoining: () => Promise.resolve(undefined),
    bring: () => Promise.resolve(undefined),
    startOther: () => Promise.resolve(),
    memory: {
      keep: (value) => {
        kept.memory = value
        keep()
      },
      kept: () => kept.memory,
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
    const file = fs.openSync(path, 'r')
    const buffer = Buffer.alloc(1 << 20)
    const from = kept.offsets[key] ?? 0
    const text = buffer.toString('utf8', 0, fs.readSync(file, buffer, 0, buffer.length, from))
    fs.closeSync(file)
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
      fs.rmSync(path)
    },
    close,
  }
}

/** Options with quick timings. */
export function testOptions(changes: Partial<ProcessOptions>): ProcessOptions {
  return {
    command: 'true',
    env: {},
    envFile: [],
    restart: 'never',
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
    autostart: true,
    backoff: { initialMs: 20, maxMs: 60_000 },
    crashLoop: { exits: 5, withinMs: 60_000 },
    unbuffered: true,
    dependsOn: [],
    overlap: 'skip',
    catchUp: false,
    ...changes,
  }
}

/** Waits until something holds; fails saying what did not. */
export async function eventually(what: string, holds: () => unknown, timeoutMs = 20_000): Promise<void> {
  for (const end = performance.now() + timeoutMs; !holds(); await sleep(10))
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`)
}

type Test = { after(work: () => Promise<void>): void }
const endings = new WeakMap<Test, (() => unknown)[]>()

/** Has something done when the test is over: what came last goes first. */
export function atEnd(test: Test, work: () => unknown): void {
  const known = endings.get(test)
  if (known) return void known.push(work)
  const works = [work]
  endings.set(test, works)
  test.after(async () => {
    for (const each of works.toReversed()) await each()
  })
}

/** A directory that goes, and whatever writes to a capture file in it, when the test is over. */
export function temporaryDirectory(test: Test): string {
  const directory = fs.mkdtempSync(join(tmpdir(), 'logboom-supervise-'))
  atEnd(test, async () => {
    const files = fs.globSync(join(directory, 'capture/*/*')).map((path) => ({ path, inode: fs.statSync(path).ino }))
    for (const member of await findMembers({ runId: 'none', files })) signalProcess(member, 'SIGKILL')
    fs.rmSync(directory, { recursive: true, force: true })
  })
  return directory
}
