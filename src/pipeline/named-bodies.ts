// How far bodies with a name have been committed: a cursor each, committed with their records, so that a body that is sent
// again adds only what is not there, whatever became of the hub.
import type { CursorValue, Store } from '../contracts/store.ts'
import type { BodyPlace } from '../json/ndjson.ts'
import type { IngestCounts } from '../contracts/storage.ts'

export interface BodyProgress extends IngestCounts {
  /** Absent when all of it is committed. `check` is the CRC-32 of its bytes before. */
  place?: BodyPlace & { check: number }
}

export interface NamedBodies {
  find(name: string): BodyProgress | undefined
  /** Noted with the others of `cursors`. Gives what takes that back. */
  note(name: string, progress: BodyProgress, cursors: Map<string, CursorValue | null>): () => void
}

/** Names that are remembered. */
const mostNamed = 1000
const prefix = 'ingest/'

export function openNamedBodies(store: Store): NamedBodies {
  /** By key, the oldest first. */
  const named = new Map([...store.cursors()].filter(([key]) => key.startsWith(prefix)))

  return {
    find(name) {
      const cursor = named.get(prefix + name)
      return cursor && progressOf(cursor)
    },
    note(name, { accepted, malformed, place }, cursors) {
      const key = prefix + name
      const before = named.get(key)
      const cursor = { accepted, malformed, ...place }
      named.set(key, cursor)
      cursors.set(key, cursor)
      const forgotten: [string, CursorValue][] = []
      for (const [oldest, value] of named) {
        if (named.size <= mostNamed) break
        named.delete(oldest)
        cursors.set(oldest, null)
        forgotten.push([oldest, value])
      }
      return () => {
        if (before) named.set(key, before)
        else named.delete(key)
        for (const [oldest, value] of forgotten) named.set(oldest, value)
      }
    },
  }
}

function progressOf({ accepted, malformed, at, fragment, check }: CursorValue): BodyProgress {
  const counts = { accepted: Number(accepted), malformed: Number(malformed) }
  if (at === undefined) return counts
  return { ...counts, place: { at: Number(at), fragment: Number(fragment), check: Number(check) } }
}
