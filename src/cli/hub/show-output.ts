// The output of `logboom run`: every record of one source, once and in order, as it is committed; where the console is
// slower than the command, from the store, at the console's pace. While the store cannot be written, as it is captured.
import { recordAt, type RecordBatch } from '../../contracts/batch.ts'
import { recordsOf } from '../../query/read/records-of.ts'
import type { LogRecord } from '../../contracts/record.ts'
import type { Storage, UnkeptNews } from '../../contracts/storage.ts'
import { namedRecord } from '../../wire/record-json.ts'
import { openShownOnce } from './print-unkept.ts'

export interface ShownOutput {
  /** Resolves when all that was committed before has been shown; rejects when it cannot be read. */
  caughtUp(): Promise<void>
  close(): void
}

/** Shows what `session` captures of `source`, from its beginning. */
export async function showOutput(
  storage: Storage,
  { session, source }: { session: string; source: string },
  show: (record: Omit<LogRecord, 'id'>, isKept: boolean) => void,
): Promise<ShownOutput> {
  const once = openShownOnce()
  const query = `session:${JSON.stringify(session)} source:${JSON.stringify(source)}`
  /** Everything up to here has been shown. */
  let cursor = 0
  let head = 0
  let reading: Promise<void> | undefined

  /** Records committed meanwhile are in the store as well, so that nothing has to be kept for later. */
  async function read(): Promise<void> {
    while (cursor < head) {
      const target = head
      for await (const page of storage.search({ query, after: cursor, before: target + 1, order: 'oldest' }))
        showKept(page.batches)
      cursor = target
    }
  }

  function take(batches: RecordBatch[], headNow: number, missed: boolean): void {
    head = headNow
    if (reading) return
    if (missed) return begin()
    showKept(batches.filter((batch) => batch.source === source))
    cursor = headNow
  }

  function showKept(batches: readonly RecordBatch[]): void {
    for (const record of once.records(recordsOf(batches, 'oldest'))) show(record, true)
  }

  function showUnkept({ added }: UnkeptNews): void {
    // Lines captured now come behind those that are still being read.
    if (reading) return
    for (const { number, batch } of added) {
      if (batch.source !== source) continue
      const lines = Array.from({ length: batch.count }, (_, row) => ({
        ...namedRecord(recordAt(batch, row), storage.services),
        unkept: number + row,
      }))
      for (const line of once.unkept(lines)) show(line, false)
    }
  }

  function begin(): void {
    reading = read().then(() => void (reading = undefined))
    // Told to those who wait for it.
    reading.catch(() => undefined)
  }

  const live = await storage.follow(take)
  head = Math.max(head, live.head)
  if (!reading) begin()
  await reading
  const endUnkept = storage.onUnkept(showUnkept)
  return {
    caughtUp: () => reading ?? Promise.resolve(),
    close() {
      endUnkept()
      live.close()
    },
  }
}
