// The place of lines that were skipped to keep up: says how many, and fetches them when clicked.
import { memo, type ReactElement } from 'react'
import { formatAmount } from '../../../../src/text/amounts.ts'
import type { Hole } from '../feed/rows.ts'

interface GapRowProps {
  hole: Hole
  /** Of the rows beside it. */
  heightClass: string
  onFill(hole: Hole): void
}

export const GapRow = memo(function GapRow({ hole, heightClass, onFill }: GapRowProps): ReactElement {
  const what = hole.lines === 'unknown' ? 'Lines' : formatAmount(hole.lines, 'line')
  const text = {
    open: `${what} skipped to keep up · show them`,
    loading: `Fetching ${what.toLowerCase()}…`,
    failed: `${what} skipped · the hub did not answer, try again`,
  }[hole.state]
  return (
    <div role="row" className={heightClass}>
      <button
        type="button"
        data-testid="gap-row"
        data-after={hole.after}
        data-before={hole.before}
        data-lines={hole.lines}
        disabled={hole.state === 'loading'}
        onClick={() => onFill(hole)}
        className="flex h-full w-full items-center gap-3 px-4 font-sans text-2xs text-warn hover:bg-warn/10"
      >
        <span className="h-px flex-1 border-t border-dashed border-warn/50" aria-hidden />
        {text}
        <span className="h-px flex-1 border-t border-dashed border-warn/50" aria-hidden />
      </button>
    </div>
  )
})
