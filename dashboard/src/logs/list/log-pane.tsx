// A list of lines with what lies over it: why it is empty, that it is loading, the way back to the newest.
import { useCallback, type ReactElement } from 'react'
import { isHole } from '../feed/rows.ts'
import type { Lines } from '../use-lines.ts'
import type { ListState } from '../use-list-state.ts'
import { composeQuery } from '../view.ts'
import { EmptyLog, JumpToNewest, LoadingBar } from './log-cover.tsx'
import { LogList } from './log-list.tsx'
import { plainRow, type RowForm } from './row-form.tsx'

interface LogPaneProps {
  page: ListState
  lines: Lines
  form?: RowForm
  /** Shown where there is nothing, though nothing is filtered. */
  empty: ReactElement
}

export function LogPane({ page, lines, form = plainRow, empty }: LogPaneProps): ReactElement {
  const { view, mode, selected, select } = page
  const { feed, snapshot, list, mark } = lines
  const { error, rows, unkept, phase, unseen } = snapshot
  const selectPlace = useCallback(
    (place: number) => {
      const now = feed?.snapshot()
      const record = now?.rows[place - now.first]
      if (record && !isHole(record)) select({ place, record, isOpen: true })
    },
    [feed, select],
  )
  return (
    <div className="relative min-h-0 min-w-0 flex-1 bg-canvas">
      {feed ? (
        <LogList
          ref={list}
          feed={feed}
          snapshot={snapshot}
          form={form}
          mode={mode}
          wrap={view.wrap}
          mark={mark}
          selected={selected?.place}
          at={view.at}
          onSelect={selectPlace}
          onModeChange={(next) => page.setFollowing(next === 'follow')}
        />
      ) : null}
      {rows.length + unkept.length === 0 && phase !== 'loading' ? (
        <div className="absolute inset-0">
          <EmptyLog error={error} isFiltered={composeQuery({ ...view, scope: undefined }) !== ''} onClear={page.clear}>
            {empty}
          </EmptyLog>
        </div>
      ) : null}
      {phase === 'loading' ? <LoadingBar /> : null}
      {mode !== 'follow' && rows.length > 0 ? <JumpToNewest unseen={unseen} onJump={page.toNewest} /> : null}
    </div>
  )
}
