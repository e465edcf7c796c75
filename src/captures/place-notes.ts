// Places in files that the next commit is to remember, or to forget, beside those of what it has read.
import type { CursorValue, Store } from '../contracts/store.ts'
import type { Group } from '../shape/backlog.ts'
import type { Capture } from './capture.ts'
import { isPacked, keyOfGone } from './remembered-places.ts'

export interface PlaceNotes {
  note(key: string, place: CursorValue | null): void
  isNoted(key: string): boolean
  /** The place that the key has after the next commit. */
  current(key: string): CursorValue | undefined
  /** The place of a capture, though nothing is read there. */
  noteCapture(capture: Capture): void
  /** Keeps the place in a file that is gone, instead of the oldest of those. */
  remember(source: string, run: number, place: CursorValue): void
  isEmpty(): boolean
  collect(group: Group): void
}

export function openPlaceNotes(store: Store): PlaceNotes {
  const noted = new Map<string, CursorValue | null>()
  let captures: Capture[] = []
  const current = (key: string): CursorValue | undefined =>
    noted.has(key) ? (noted.get(key) ?? undefined) : store.cursors().get(key)

  return {
    note: (key, place) => void noted.set(key, place),
    isNoted: (key) => noted.has(key),
    current,
    noteCapture(capture) {
      // The inode was another file's, which was forgotten in the same step.
      if (noted.get(capture.key) === null) noted.delete(capture.key)
      captures.push(capture)
    },
    remember(source, run, place) {
      if (!isPacked(place)) noted.set(keyOfGone(source, run, current), place)
    },
    isEmpty: () => noted.size === 0 && captures.length === 0,
    collect(group) {
      for (const capture of captures) group.cursors.set(capture.key, capture.cursor())
      captures = []
      // Forgotten is forgotten, whatever was remembered of it just before.
      for (const [key, place] of noted) group.cursors.set(key, place)
      noted.clear()
    },
  }
}
