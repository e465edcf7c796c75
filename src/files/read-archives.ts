// Reads the compressed files of a source: one at a time, as each costs memory while it is unpacked, and the oldest first. They do
// not hold up the files that are written.
import { setTimeout as sleep } from 'node:timers/promises'
import type { FileTail } from '../contracts/source-storage.ts'
import { isFresh, type FoundFile } from './find-files.ts'
import { identityOf } from './identity-of.ts'

export interface ArchiveReader {
  /** Archives that are to be decided on, now or once they are complete. */
  undecided(archives: readonly FoundFile[], now: number): FoundFile[]
  /** Archives that were decided on. */
  known(): Iterable<string>
  forget(identity: string): void
  /** Reads what is wanted of them, as far as it is quickly done; the next look goes on. */
  look(archives: FoundFile[], isWanted: (file: FoundFile) => boolean): Promise<void>
  close(): Promise<void>
}

export interface ArchiveReaderOptions {
  /** Undefined for one that cannot be read. `end`: unless a part of it was read before it was compressed, it is never to be read. */
  open(file: FoundFile, start: 'beginning' | 'end'): Promise<FileTail | 'moved' | 'copy' | undefined>
}

/** So long a look waits for them, so that their lines come before those of the files beside them. */
const waitMs = 5000

export function openArchiveReader({ open }: ArchiveReaderOptions): ArchiveReader {
  /** Read, or not to be read, with the size they had then. */
  const done = new Map<string, number>()
  /** Tried again at each look, and waited for by nothing else: perhaps for ever. */
  const unreadable = new Set<string>()
  let reading: { tail: FileTail; over: Promise<void>; isOver: boolean } | undefined

  const isDone = (file: FoundFile): boolean => done.get(identityOf(file)) === file.size

  async function begin(file: FoundFile, start: 'beginning' | 'end'): Promise<void> {
    const tail = await open(file, start)
    unreadable.delete(identityOf(file))
    if (tail === undefined) unreadable.add(identityOf(file))
    if (tail === undefined || tail === 'moved') return
    if (tail === 'copy') return void done.set(identityOf(file), file.size)
    const now: typeof reading = { tail, over: Promise.resolve(), isOver: false }
    now.over = tail.finish().then(
      () => {
        done.set(identityOf(file), file.size)
        now.isOver = true
      },
      // The hub gives up, and leaves the rest to the next one.
      () => undefined,
    )
    reading = now
  }

  return {
    undecided: (archives, now) =>
      archives.filter(
        (file) => !isDone(file) && !unreadable.has(identityOf(file)) && (!file.isUnfinished || isFresh(file, now)),
      ),
    known: () => done.keys(),
    forget(identity) {
      done.delete(identity)
      unreadable.delete(identity)
    },
    async look(archives, isWanted) {
      const endAt = performance.now() + waitMs
      for (const file of archives) {
        if (reading && !reading.isOver) return
        if (file.isUnfinished || isDone(file)) continue
        await begin(file, isWanted(file) ? 'beginning' : 'end')
        const leftMs = Math.max(0, endAt - performance.now())
        if (reading) await Promise.race([reading.over, sleep(leftMs, undefined, { ref: false })])
      }
    },
    async close() {
      if (reading && !reading.isOver) await reading.tail.close()
    },
  }
}
