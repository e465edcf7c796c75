// Brings what lies in the capture directory and what the catalogue says together: runs that it has lost are taken up again.
import type { Catalogue } from './catalogue.ts'
import { findLeftRuns, removeRunNote } from '../supervise/run-note.ts'

export function recallRuns(
  catalogue: Pick<Catalogue, 'recall' | 'knows'>,
  captureDirectory: string,
  warn: (message: string) => void,
): void {
  const recalled = new Set<string>()
  for (const { place, read } of findLeftRuns(captureDirectory)) {
    const isOpen = catalogue.knows(place.source, place.run)
    if (isOpen === undefined) {
      catalogue.recall(read())
      recalled.add(place.source)
    }
    // Of one that is over, by a hub that was killed before it could remove it.
    else if (!isOpen) removeRunNote(place)
  }
  if (recalled.size > 0)
    warn(
      `The catalogue had lost what runs of ${[...recalled].join(', ')}; it is taken up again by what lies in ${captureDirectory}`,
    )
}
