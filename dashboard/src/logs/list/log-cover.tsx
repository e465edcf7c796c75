// Covers of the list of lines: why it is empty, that lines are being loaded, and the way back to the newest.
import { ArrowDown, SearchX, TriangleAlert } from 'lucide-react'
import type { ReactElement } from 'react'
import { HiddenNote } from '../../access/hidden-note.tsx'
import type { LogboomError } from '../../../../src/client/index.ts'
import { formatCount } from '../../../../src/text/amounts.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

interface EmptyLogProps {
  error: LogboomError | undefined
  isFiltered: boolean
  onClear(): void
  /** Why there is nothing, where no filter is to blame. */
  children: ReactElement
}

export function EmptyLog({ error, isFiltered, onClear, children }: EmptyLogProps): ReactElement {
  if (error?.code === 'query-invalid')
    return (
      <EmptyState icon={TriangleAlert} title="The query is not understood" tone="bad">
        <Button look="outline" onClick={onClear}>
          Clear the query
        </Button>
      </EmptyState>
    )
  if (error)
    return (
      <EmptyState icon={TriangleAlert} title="The lines could not be fetched" tone="bad">
        <p>
          {error.message} {error.hint}
        </p>
      </EmptyState>
    )
  if (isFiltered)
    return (
      <EmptyState icon={SearchX} title="No line matches">
        <p>Nothing in the log fits these filters. Lines that do appear here as they come.</p>
        <HiddenNote />
        <Button look="outline" onClick={onClear}>
          Clear the filters
        </Button>
      </EmptyState>
    )
  return children
}

export function LoadingBar(): ReactElement {
  return (
    <div className="absolute inset-x-0 top-0 h-0.5 overflow-hidden" role="progressbar" aria-label="Loading lines">
      <div className="h-full w-1/4 animate-sweep bg-accent" />
    </div>
  )
}

export function JumpToNewest({ unseen, onJump }: { unseen: number; onJump(): void }): ReactElement {
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
      <button
        type="button"
        data-testid="jump-newest"
        onClick={onJump}
        className="pointer-events-auto flex animate-rise items-center gap-1.5 rounded-full border border-line bg-raised px-3 py-1.5 text-xs font-medium shadow-float hover:bg-sunken"
      >
        <ArrowDown className="size-3.5" aria-hidden />
        {unseen > 0 ? `${formatCount(unseen)} new` : 'Newest'}
      </button>
    </div>
  )
}
