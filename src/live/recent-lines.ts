// The newest lines of every source, in a bounded ring (C3): what clients of dialects are shown as they connect. Held only while
// there are such clients, and filled from the store, so that a restarted hub shows the same.
import type { RecordBatch } from '../contracts/batch.ts'
import { kinds, severities } from '../contracts/record.ts'
import type { Storage } from '../contracts/storage.ts'
import { copyRows } from '../query/match/select-rows.ts'
import type { Predicate } from '../query/match/compile-query.ts'
import type { RecordPlace } from '../query/read/records-of.ts'
import type { Recent } from '../contracts/dialect.ts'

export interface RecentLines {
  /** The newest matching lines of each group, oldest first, and the cursor to follow from. */
  read(recent: Recent, predicate: Predicate): Promise<{ places: RecordPlace[]; cursor: number }>
  /** Lets go of what it holds. */
  close(): void
}

export interface RecentOptions {
  storage: Pick<Storage, 'search' | 'follow'>
  maxEntries: number
  /** Sources whose lines are looked for where others have more. */
  sources(): readonly string[]
}

/** Lines of one source and weight: beyond it the oldest goes, and nobody is shown more. */
const mostPerGroup = 100
const mostBytes = 1024 * 1024
const entryBytes = 200
/** Without readers, for so long lines are held on. */
const lingerMs = 60_000

interface Entry extends RecordPlace {
  id: number
  bytes: number
}

interface Ring {
  ready: Promise<void>
  cursor(): number
  places(): Entry[]
  isStale(): boolean
  close(): void
}

export function openRecentLines(options: RecentOptions): RecentLines {
  let ring: Ring | undefined
  let timer: NodeJS.Timeout | undefined

  function close(): void {
    clearTimeout(timer)
    ring?.close()
    ring = undefined
  }

  return {
    async read({ count, of }, predicate) {
      if (ring?.isStale()) close()
      const mine = (ring ??= openRing(options))
      clearTimeout(timer)
      timer = setTimeout(close, lingerMs).unref()
      await mine.ready.catch((error: unknown) => {
        if (ring === mine) close()
        throw error
      })
      const groups = Map.groupBy(
        mine.places().filter(({ batch, row }) => predicate(batch, row)),
        ({ batch, row }) => (of === 'all' ? '' : of === 'source' ? batch.source : isAudit(batch, row)),
      )
      const places = [...groups.values()].flatMap((entries) => entries.slice(-count))
      return { places: places.sort(byId), cursor: mine.cursor() }
    },
    close,
  }
}

function openRing({ storage, maxEntries, sources }: RecentOptions): Ring {
  /** By source and weight; ids ascending. */
  const groups = new Map<string, Entry[]>()
  let entries = 0
  let bytes = 0
  let cursor = 0
  let stale = false
  let isClosed = false
  let end = (): void => undefined

  /** The newest rows of each group of one batch, as rows of their own. */
  function newestOf(batch: RecordBatch): Map<string, Entry[]> {
    const rows = new Map<string, number[]>()
    for (let row = batch.count - 1; row >= 0; row--) {
      const key = groupOf(batch, row)
      const own = rows.get(key)
      if (!own) rows.set(key, [row])
      else if (own.length < mostPerGroup) own.push(row)
    }
    return new Map([...rows].map(([key, own]) => [key, entriesOf(copyRows(batch, own.reverse()))]))
  }

  function put(batch: RecordBatch): void {
    for (const [key, fresh] of newestOf(batch)) {
      const known = groups.get(key) ?? []
      const ids = new Set(known.map(({ id }) => id))
      const all = [...known, ...fresh.filter(({ id }) => !ids.has(id))].sort(byId)
      count(known, -1)
      const kept = all.slice(-mostPerGroup)
      count(kept, 1)
      groups.set(key, kept)
    }
    while (entries > maxEntries || (bytes > mostBytes && entries > 1)) dropOne()
  }

  /** Of the group that has most, so that a busy source does not drive out a quiet one; of several the oldest line. */
  function dropOne(): void {
    let [[mostKey, most]] = groups as unknown as [[string, Entry[]]]
    for (const [key, group] of groups) {
      const more = group.length - most.length
      if (more > 0 || (more === 0 && group[0]!.id < most[0]!.id)) [mostKey, most] = [key, group]
    }
    count([most.shift()!], -1)
    if (most.length === 0) groups.delete(mostKey)
  }

  function count(some: readonly Entry[], sign: number): void {
    entries += some.length * sign
    for (const entry of some) bytes += entry.bytes * sign
  }

  async function fill(): Promise<void> {
    const { head, close } = await storage.follow((batches, headNow, missed) => {
      for (const batch of batches) put(batch)
      cursor = headNow
      stale ||= missed
    })
    end = close
    if (isClosed) return close()
    cursor = Math.max(cursor, head)
    const seen = await search('', maxEntries)
    if (seen < maxEntries) return
    const share = Math.min(mostPerGroup, Math.ceil(maxEntries / Math.max(1, sources().length)))
    await search('kind:audit', mostPerGroup)
    for (const source of sources()) {
      const group = groups.get(`${source}\0line`)
      if ((group?.length ?? 0) < share) await search(`source:${JSON.stringify(source)} level>=info`, mostPerGroup)
    }

    async function search(query: string, limit: number): Promise<number> {
      let found = 0
      for await (const page of storage.search({ query, before: head + 1, order: 'newest', limit })) {
        for (const batch of page.batches) {
          found += batch.count
          if (!isClosed) put(batch)
        }
      }
      return found
    }
  }

  return {
    ready: fill(),
    cursor: () => cursor,
    places: () => [...groups.values()].flat().sort(byId),
    isStale: () => stale,
    close() {
      isClosed = true
      end()
    },
  }
}

function entriesOf(batch: RecordBatch): Entry[] {
  return Array.from({ length: batch.count }, (_, row) => ({
    batch,
    row,
    id: batch.id[row]!,
    bytes: batch.end[row]! - batch.start[row]! + entryBytes,
  }))
}

const byId = (a: Entry, b: Entry): number => a.id - b.id
const audit = kinds.indexOf('audit')
const isAudit = (batch: RecordBatch, row: number): boolean => batch.kind[row] === audit

/** Lines below INFO, of which there may be many, do not drive out the others, nor those audit lines. */
function groupOf(batch: RecordBatch, row: number): string {
  const weight = isAudit(batch, row) ? 'audit' : batch.severity[row]! < severities.INFO ? 'detail' : 'line'
  return `${batch.source}\0${weight}`
}
