// A line that was shown and has come again since without another between, and what makes a line the same as its neighbour.
import type { Row } from '../row.ts'

export interface RepeatedLine {
  /** Id of the first, by which the line is known however often it comes. */
  firstId: number
  newest: Row
  repeats: number
  /** Older records were not looked at: the line may have come more often. */
  isCut?: boolean
}

/** Whether the later of two neighbours says the same as the earlier: never across the start of a run. */
export function isSameLine(one: Row, other: Row): boolean {
  return (
    one.message === other.message &&
    one.severity === other.severity &&
    one.kind === other.kind &&
    one.run === other.run &&
    one.source === other.source &&
    mayRepeat(one)
  )
}

/** Each exit is news, and each gap counts: only what was printed is collapsed. */
export function mayRepeat({ kind }: Row): boolean {
  return kind !== 'event' && kind !== 'gap'
}
