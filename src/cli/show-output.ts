// What `logboom run` prints: every record of one source, once and in order, as it is committed; where the console is
// slower than the command, from the store, at the console's pace.
import type { RecordBatch } from '../batch.ts'
import { recordsOf } from '../query/records-of.ts'
import type { LogRecord } from '../record.ts'
import type { Storage } from '../storage/storage.ts'

export interface ShownOutput {
  /** Resolves when all that was committed before has been shown; rejects when it cannot be read. */
  caughtUp(): Promise<void>
  close(): void
}

/** Shows what `session` captures of `source`, from its beginning. */
export async function showOutput(
  storage: Storage,
  { session, source }: { session: string; source: string },
  show: (record: LogRecord) => void,
): Promise<ShownOutput> {
  const query = `session:${JSON.stringify(session)} source:${JSON.stringify(source)}`
  /** Everything up to here has been shown. */
  let cursor = 0
  let head = 0
  let reading: Promise<void> | undefined

  /** What is committed meanwhile is in the store as well, so that nothing has to be kept for later. */
  async function read(): Promise<void> {
    while (cursor < head) {
      const target = head
      for await (const page of storage.search({ query, after: cursor, before: target + 1, order: 'oldest' }))
        recordsOf(page.batches, 'oldest').forEach(show)
      cursor = target
    }
  }

  function take(batches: RecordBatch[], headNow: number, missed: boolean): void {
    head = headNow
    if (reading) return
    if (missed) return begin()
    recordsOf(
      batches.filter((batch) => batch.source === source),
      'oldest',
    ).forEach(show)
    cursor = headNow
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
  return { caughtUp: () => reading ?? Promise.resolve(), close: live.close }
}
