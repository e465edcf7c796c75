// The one way in which records of a source's containers are handed to the storage: one push after the other, each with the places in all
// logs as they are then, so that places and lines are kept in one commit.
import type { Entry } from '../../contracts/source-storage.ts'
import type { SourceContext } from '../../contracts/source.ts'
import type { SeenState } from '../logs/seen-lines.ts'

/** The facts of a container that are kept with its records. */
export interface KeptContainer {
  run: number
  /** Start of this run: seconds and nine digits. */
  started: string
  /** The run has ended, and that stands in the log. */
  isOver?: true
  /** Id of its engine: another one knows nothing of it. */
  engine?: string | undefined
  seen: SeenState
}

export interface PushLane {
  /** As the last commit has it. */
  kept: Readonly<Record<string, KeptContainer>>
  /**
   * Hands over records, and what is to be kept of their container with them; undefined: nothing. Gives what to wait for before there
   * are more.
   */
  push(id: string, run: number, entries: Entry[], keep: KeptContainer | undefined): Promise<void> | undefined
  /** Resolves when all is committed; rejects where it cannot be, and nothing more is. */
  drained(): Promise<void>
}

interface Waiting {
  id: string
  run: number
  entries: Entry[]
  keep: KeptContainer | undefined
}

/** Characters; more wait in the engine. */
const mostWaiting = 4 * 1024 * 1024
const mostInOne = 1024 * 1024

export async function openPushLane(context: Pick<SourceContext, 'push' | 'lastOnce'>): Promise<PushLane> {
  const { count: lastCount = 0, kept = {} } = readNamed(await context.lastOnce())
  let count = lastCount
  const waiting: Waiting[] = []
  let size = 0
  let pumping: Promise<void> | undefined
  const room = openRoom()

  function next(): Waiting & { size: number } {
    const first = waiting.shift()!
    const all = { ...first, entries: [...first.entries], size: sizeOf(first.entries) }
    while (waiting[0]?.id === first.id && waiting[0].run === first.run && waiting[0].keep && all.size < mostInOne) {
      const { entries, keep } = waiting.shift()!
      all.entries.push(...entries)
      all.size += sizeOf(entries)
      all.keep = keep
    }
    return all
  }

  async function pump(): Promise<void> {
    while (waiting.length > 0) {
      const { id, run, entries, keep, size: taken } = next()
      if (keep) kept[id] = keep
      else delete kept[id]
      // Numbered, since records that are pushed under the last name again are taken for the same.
      const once = JSON.stringify({ count: ++count, kept } satisfies Named)
      if (entries.length > 0) await context.push({ run, pid: 0 }, entries, once)
      size -= taken
      if (size < mostWaiting) room.free()
    }
  }

  function start(): Promise<void> {
    if (!pumping) {
      const pumped = (pumping = pump())
      // A failure stays: what comes behind it must not be kept before it.
      void pumped.then(() => (pumping = undefined), room.fail)
    }
    return pumping
  }

  return {
    kept,
    push(id, run, entries, keep) {
      waiting.push({ id, run, entries, keep })
      size += sizeOf(entries)
      void start().catch(() => undefined)
      return size < mostWaiting ? undefined : room.wait()
    },
    async drained() {
      while (pumping) await pumping
    },
  }
}

interface Named {
  count?: number
  kept?: Record<string, KeptContainer>
}

/** A process that had the name of the source before has left words of its own. */
function readNamed(words: string | undefined): Named {
  try {
    const named = JSON.parse(words ?? '{}') as Named | null
    return typeof named?.kept === 'object' && typeof named.count === 'number' ? named : {}
  } catch {
    return {}
  }
}

function openRoom(): { wait(): Promise<void>; free(): void; fail(error: unknown): void } {
  let waiters = Promise.withResolvers<void>()
  waiters.promise.catch(() => undefined)
  let hasFailed = false
  return {
    wait: () => waiters.promise,
    free() {
      if (hasFailed) return
      waiters.resolve()
      waiters = Promise.withResolvers()
      waiters.promise.catch(() => undefined)
    },
    fail(error) {
      hasFailed = true
      waiters.reject(error as Error)
    },
  }
}

function sizeOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { message }) => sum + message.length + 100, 0)
}
