// Feeds the sinks behind the commit, and remembers for each how far it has got, so that after a crash each is fed what
// it missed and nothing twice.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordBatch } from '../contracts/batch.ts'
import { replaceFile } from '../system/new-file.ts'
import type { Sink, SinkContext, SinkType } from '../contracts/sink.ts'
import type { Store } from '../contracts/store.ts'

/** Sink name → what it saved and the id up to which it had everything. */
type Positions = Record<string, { position: number; saved: unknown }>

export interface SinkFeed {
  /** Gives the sinks what was committed while they were not there. */
  catchUp(store: Store): Promise<void>
  write(batches: RecordBatch[]): void
  /** Makes positions durable; to be called about every second. */
  save(): void
  /** See Sink. */
  trouble(): string[]
  /** See Storage. */
  obstacle(sink: string, source: string): string | undefined
  close(): void
}

export interface SinkFeedOptions {
  stateDirectory: string
  sinks: { type: SinkType; options: unknown }[]
  head: number
  context: Omit<SinkContext, 'saved' | 'directory'>
}

export function openSinkFeed({ stateDirectory, sinks, head, context }: SinkFeedOptions): SinkFeed {
  const path = join(stateDirectory, 'sinks.json')
  const positions = readPositions(path, context.warn)
  let dirty = true
  /** Trouble with saving positions. */
  let told = false
  const open = sinks.map(({ type, options }) => {
    // A sink that is new here begins now; history is not written again for it.
    const known = positions[type.name]
    // A position beyond the head belongs to a store that is gone.
    const before = known && known.position <= head ? known : { position: head, saved: undefined }
    const sink: Sink = type.open(options, { ...context, directory: stateDirectory, saved: before.saved })
    return { name: type.name, sink, from: Math.max(before.position, sink.position()) }
  })

  function save(): void {
    if (!dirty) return
    dirty = false
    for (const { name, sink, from } of open) {
      const saved = sink.save()
      positions[name] = { position: Math.max(from, sink.position()), saved }
    }
    try {
      replaceFile(path, JSON.stringify(positions))
      told = false
    } catch (error) {
      // The old positions stay true: more is written again at the next start, after the files were cut back to them.
      dirty = true
      // Of a disk that is full or read-only others tell, once; told here each second, it would be told by this too.
      if (!told && (error as NodeJS.ErrnoException).code !== 'ENOSPC')
        context.warn(`${path}: ${(error as Error).message}`)
      told = true
    }
  }

  return {
    async catchUp(store) {
      for (const { sink, from } of open) {
        if (from >= store.head()) continue
        for await (const page of store.search({ after: from, order: 'oldest' })) sink.write(page.batches)
      }
      save()
    },
    write(batches) {
      dirty = true
      for (const { sink } of open) sink.write(batches)
    },
    save,
    trouble: () => open.flatMap(({ sink }) => sink.trouble?.() ?? []),
    obstacle: (name, source) => open.find((each) => each.name === name)?.sink.obstacle?.(source),
    close() {
      save()
      for (const { sink } of open) sink.close()
    },
  }
}

/** Without them, files go on where they end. */
function readPositions(path: string, warn: (message: string) => void): Positions {
  if (!existsSync(path)) return {}
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Positions
  } catch (error) {
    warn(`${path} is damaged, so log files go on where they end (${(error as Error).message})`)
    return {}
  }
}
