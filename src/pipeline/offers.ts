// Records that their sender can send again: what cannot be committed is refused, so that nobody is told that something is kept which
// is not. Those of one offer are in one commit.
import type { Origin, RecordBatch } from '../contracts/batch.ts'
import type { LogboomError } from '../contracts/errors.ts'
import type { Entry } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'
import { shapeEntries } from '../shape/shape-entries.ts'
import type { StageChain } from '../shape/stage-chain.ts'
import type { Collected, IngestOptions } from './ingest.ts'
import type { NumberedEntries } from './numbered-entries.ts'

export interface Offers {
  /** Resolves when the records are committed, and rejects when they cannot be now. */
  add(origin: Origin, entries: Entry[]): Promise<void>
  /** As many as one commit takes; undefined when none waits. */
  collect(): Collected | undefined
  refuse(error: LogboomError): void
}

interface Offer {
  origin: Origin
  entries: Entry[]
  characters: number
  resolve(): void
  reject(error: Error): void
}

/** Text of one commit. */
const groupCharacters = 2 * 1024 * 1024

export function openOffers(
  options: Pick<IngestOptions, 'leftOut' | 'now' | 'takeSequence' | 'returnSequence'> & {
    numbered: NumberedEntries
    stagesOf(source: string): StageChain
  },
): Offers {
  const { numbered, leftOut, now, stagesOf, takeSequence, returnSequence } = options
  const waiting: Offer[] = []

  /** The offer as a batch; `undo` gets what takes it back. */
  function shape(
    { origin, entries }: Offer,
    cursors: Map<string, CursorValue | null>,
    undo: (() => void)[],
  ): RecordBatch[] {
    const { source, run } = origin
    const fresh = numbered.fresh(source, run, entries, cursors)
    undo.push(fresh.undo)
    const { length } = fresh.entries
    if (length === 0) return []
    const first = takeSequence(source, run, length)
    undo.push(() => returnSequence(source, run, first))
    const batch = shapeEntries(fresh.entries, origin, now(), first)
    const { seq } = batch
    const shaped = stagesOf(source).apply(batch)
    undo.push(leftOut.add({ source, run, seq }, shaped, cursors))
    return [shaped]
  }

  return {
    add: (origin, entries) =>
      new Promise((resolve, reject) => {
        const characters = entries.reduce((sum, { message }) => sum + message.length, 0)
        waiting.push({ origin, entries, characters, resolve, reject })
      }),
    collect() {
      if (waiting.length === 0) return undefined
      let bytes = 0
      let count = 0
      while (count < waiting.length && (count === 0 || bytes + waiting[count]!.characters <= groupCharacters))
        bytes += waiting[count++]!.characters
      const taken = waiting.splice(0, count)
      const cursors = new Map<string, CursorValue | null>()
      const undo: (() => void)[] = []
      const batches = taken.flatMap((offer) => shape(offer, cursors, undo))
      return {
        batches,
        cursors,
        bytes,
        more: waiting.length > 0,
        committed() {
          for (const { resolve } of taken) resolve()
        },
        failed(error) {
          for (const takeBack of undo.reverse()) takeBack()
          for (const { reject } of taken) reject(error)
        },
      }
    },
    refuse(error) {
      for (const { reject } of waiting.splice(0)) reject(error)
    },
  }
}
