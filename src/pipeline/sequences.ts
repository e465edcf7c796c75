// Sequence numbers of runs: each line that is captured gets the next one, whether it is stored or left out.
import type { LeftOutCount } from '../shape/count-left-out.ts'
import type { Store } from '../contracts/store.ts'

export interface Sequences {
  /** Hands out `count` numbers of a run and returns the first. */
  take(source: string, run: number, count: number): number
  /** Takes back the numbers from `first` on: nothing was stored with them. */
  takeBack(source: string, run: number, first: number): void
  /** The run has ended. */
  forget(source: string, run: number): void
}

export function openSequences(store: Store, leftOut: LeftOutCount): Sequences {
  const last = new Map<string, number>()
  const keyOf = (source: string, run: number): string => `${run} ${source}`

  return {
    take(source, run, count) {
      const key = keyOf(source, run)
      const before = last.get(key) ?? Math.max(store.sequence(source, run), leftOut.lastSeq(source, run))
      last.set(key, before + count)
      return before + 1
    },
    takeBack: (source, run, first) => void last.set(keyOf(source, run), first - 1),
    forget: (source, run) => void last.delete(keyOf(source, run)),
  }
}
