// A stand-in for the storage worker that the crash test kills: feeds the sinks a made-up log in which every record
// follows from its id, from where they were saved last, and saves now and then.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { RecordBatch } from '../contracts/batch.ts'
import type { Sink } from '../contracts/sink.ts'
import { logFile } from './log-file.ts'
import { sessionFile } from './session-file.ts'
import { batchOf, numbered, sinkContext } from './sink-test-batch.ts'

export interface CrashPlan {
  directory: string
  seed: number
  last: number
  append: boolean
  compress: false | 'gzip'
  rotateBytes: number
}

const sources = ['api', 'worker', 'cron']

/** The batch that begins at `first`: source, run, session and length follow from the id alone. */
export function batchAt(first: number, last: number): RecordBatch {
  const block = Math.floor(first / 10)
  const source = sources[(block * 7 + (block >> 3)) % 3]!
  const run = 1 + Math.floor(first / (source === 'cron' ? 150 : 900))
  const session = `session-${1 + Math.floor(first / 1300)}`
  const end = Math.min(block * 10 + 9, last)
  return batchOf(
    { source, run, session },
    numbered(first, end, (id) => `line ${id} ${'.'.repeat(id % 50)}`),
  )
}

function random(seed: number): () => number {
  let state = seed * 2654435761
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
}

export function openCrashSinks(plan: CrashPlan): { sinks: Sink[]; warnings: string[]; from: number; save(): void } {
  const store = path.join(plan.directory, 'saved.json')
  const saved = existsSync(store) ? (JSON.parse(readFileSync(store, 'utf8')) as unknown[]) : []
  const { rotateBytes, append, compress } = plan
  const files = { rotateBytes, compress, keep: 100_000 }
  const types = [
    { type: logFile, options: { ...files, append } },
    { type: sessionFile, options: { ...files, queueBytes: 3000, flushIntervalMs: 2 } },
  ] as const
  const warnings: string[] = []
  const sinks = types.map(({ type, options }, i) => {
    const context = { ...sinkContext(plan.directory, saved[i]), warn: (message: string) => void warnings.push(message) }
    return type.open(type.options(z).parse(options) as never, context)
  })
  return {
    sinks,
    warnings,
    from: Math.min(...sinks.map((sink) => sink.position())),
    save() {
      writeFileSync(`${store}.new`, JSON.stringify(sinks.map((sink) => sink.save())))
      renameSync(`${store}.new`, store)
    },
  }
}

/** Feeds everything after each sink's own position; `step` is called between any two calls. */
export async function feed(
  plan: CrashPlan,
  opened: ReturnType<typeof openCrashSinks>,
  step?: () => Promise<void>,
): Promise<void> {
  const chance = random(plan.seed)
  const positions = opened.sinks.map((sink) => sink.position())
  opened.save()
  let id = opened.from + 1
  while (id <= plan.last) {
    const commit: RecordBatch[] = []
    for (let size = 1 + Math.floor(chance() * 6); size > 0 && id <= plan.last; size--) {
      const batch = batchAt(id, plan.last)
      commit.push(batch)
      id += batch.count
    }
    opened.sinks.forEach((sink, i) => {
      const due = commit.flatMap((batch) => {
        const after = Math.max(batch.id[0]!, positions[i]! + 1)
        return after > batch.id[batch.count - 1]! ? [] : [batchAt(after, plan.last)]
      })
      if (due.length > 0) sink.write(due)
    })
    await step?.()
    if (chance() < 0.2) opened.save()
    await step?.()
  }
}

if (import.meta.main) {
  const plan = JSON.parse(process.argv[2]!) as CrashPlan
  const opened = openCrashSinks(plan)
  process.stdout.write('open\n')
  await feed(plan, opened, () => new Promise((resolve) => setImmediate(resolve)))
  opened.save()
}
