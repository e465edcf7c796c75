// Records that are handed over as objects, until the next commit takes them.
import type { Origin } from '../contracts/batch.ts'
import type { Entry } from '../contracts/source-storage.ts'
import type { CursorValue, Store } from '../contracts/store.ts'
import type { NumberedEntries } from './numbered-entries.ts'

export interface Push {
  origin: Origin
  entries: Entry[]
  /** Name of the records; not committed again under the name of the last ones. */
  once?: string | undefined
  done(error?: unknown): void
}

export interface Pushes {
  /** Resolves when the records are committed. */
  push(origin: Origin, entries: Entry[], once?: string): Promise<void>
  /** Adds a record that nobody waits for. */
  add(origin: Origin, entry: Entry): void
  lastOnce(source: string): string | undefined
  /** Takes what waits; names are remembered in the commit of their records, so a name is known whenever they are there. */
  take(cursors: Map<string, CursorValue | null>): { fresh: Push[]; all: Push[] }
}

export function openPushes(store: Store, numbered: NumberedEntries): Pushes {
  let waiting: Push[] = []
  const keyOf = (source: string): string => `${source}/once`
  const lastOnce = (source: string): string | undefined => store.cursors().get(keyOf(source))?.['name'] as string

  return {
    push(origin, entries, once) {
      if (entries.length === 0) return Promise.resolve()
      return new Promise((resolve, reject) => {
        waiting.push({ origin, entries, once, done: (error) => (error ? reject(error as Error) : resolve()) })
      })
    },
    add: (origin, entry) => void waiting.push({ origin, entries: [entry], done: () => undefined }),
    lastOnce,
    take(cursors) {
      const all = waiting
      waiting = []
      const unrepeated = all.filter(({ origin, once }) => {
        if (once === undefined) return true
        if (lastOnce(origin.source) === once) return false
        cursors.set(keyOf(origin.source), { name: once })
        return true
      })
      const fresh = unrepeated.flatMap((push) => {
        const { source, run } = push.origin
        const { entries } = numbered.fresh(source, run, push.entries, cursors)
        return entries.length > 0 ? { ...push, entries } : []
      })
      return { fresh, all }
    },
  }
}
