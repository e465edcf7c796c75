// Records that a follower is given from the store: the newest, the newest with repeats folded, or all of a range.
import type { RecordBatch } from '../contracts/batch.ts'
import type { SearchRequest } from '../contracts/request.ts'
import type { Storage } from '../contracts/storage.ts'
import { eachPlace } from '../query/read/records-of.ts'
import { chunksOf } from './chunk.ts'
import { readFolded } from './folded-history.ts'
import type { Outlet } from './outlet.ts'

/** A follower as a reader of the store. */
export interface History {
  storage: Storage
  asked(): Pick<SearchRequest, 'query' | 'within'>
  outlet: Outlet
  signal: AbortSignal
}

/** Bytes of records that one follower may have in memory before it has been given them. */
const heldBytes = 4 * 1024 * 1024

/** The newest `limit` records with ids up to `head`; where they are too many bytes, the cursor is before them and they are a range. */
export async function giveNewest(history: History, limit: number, head: number): Promise<void> {
  const { outlet } = history
  const { batches, after } = await readNewest(history, limit, head)
  outlet.cursor = after
  if (!batches) return
  const chunks = chunksOf(eachPlace(batches, 'oldest'), head, outlet.codec, () => outlet.needsRows)
  if (await outlet.giveAll(chunks, false)) outlet.cursor = head
}

/** The newest `limit` lines with adjacent repeats folded. */
export async function giveFolded(
  { storage, asked, outlet, signal }: History,
  limit: number,
  head: number,
): Promise<void> {
  const lines = await readFolded(storage, { asked: asked(), limit, head, codec: outlet.codec }, signal)
  outlet.cursor = head
  outlet.begin(lines, false)
}

/** The line that stands last with a reader who resumes, since what comes may repeat it. */
export async function recallLine({ storage, asked, outlet, signal }: History): Promise<void> {
  const { cursor: head, codec } = outlet
  outlet.begin(await readFolded(storage, { asked: asked(), limit: 1, head, codec }, signal), true)
}

/** All from the cursor to `head`; false: the reader takes nothing. */
export async function giveRange({ storage, asked, outlet, signal }: History, head: number): Promise<boolean> {
  const search = { ...asked(), after: outlet.cursor, before: head + 1, order: 'oldest' } as const
  for await (const page of storage.search(search, signal)) {
    const upTo = Math.min(page.cursor, head)
    const chunks = chunksOf(eachPlace(page.batches, 'oldest'), upTo, outlet.codec, () => outlet.needsRows)
    if (!(await outlet.giveAll(chunks, true))) return false
    outlet.cursor = Math.max(outlet.cursor, upTo)
  }
  outlet.cursor = head
  return true
}

async function readNewest(
  { storage, asked, signal }: History,
  limit: number,
  head: number,
): Promise<{ batches?: RecordBatch[]; after: number }> {
  let batches: RecordBatch[] | undefined = []
  let after = head
  let bytes = 0
  if (limit === 0) return { batches, after }
  for await (const page of storage.search({ ...asked(), before: head + 1, order: 'newest', limit }, signal)) {
    for (const batch of page.batches) {
      if (batch.count === 0) continue
      after = Math.min(after, batch.id[0]! - 1)
      bytes += batch.text.length
      batches?.push(batch)
    }
    if (bytes > heldBytes) batches = undefined
  }
  return { ...(batches ? { batches } : {}), after }
}
