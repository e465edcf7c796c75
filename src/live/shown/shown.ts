// The part of all that is kept which consoles, cards and streams show, unless they ask for another level: known to a hub, and changed while
// others look.
import type { SeverityName } from '../../contracts/record.ts'
import { thresholdQuery } from '../../query/threshold-query.ts'

export interface Shown {
  /** As a query; `level` takes the place of all levels that are set. */
  query(level?: SeverityName): string
  /** Calls back when other lines are shown than before; gives what ends that. */
  onChange(listener: () => void): () => void
}

/** INFO and up, where no hub says more. */
export const usuallyShown: Shown = {
  query: (level = 'INFO') => thresholdQuery({ level, ofSources: {}, withoutServices: [] }),
  onChange: () => () => undefined,
}
