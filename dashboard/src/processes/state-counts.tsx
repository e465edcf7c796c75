// How many processes are in which state; a click shows only those.
import type { ReactElement } from 'react'
import type { SourceState } from '../../../src/contracts/source-status.ts'
import { classNames } from '../ui/class-names.ts'
import { StateIcon } from './state-icon.tsx'
import { stateLooks, stateOrder } from './states.ts'

interface StateCountsProps {
  states: Readonly<Record<string, SourceState>>
  selected: string | undefined
  onSelect(state: SourceState | undefined): void
}

export function StateCounts({ states, selected, onSelect }: StateCountsProps): ReactElement {
  const all = Object.values(states)
  const chip = (state: SourceState | undefined, count: number, label: string): ReactElement => (
    <button
      key={state ?? 'all'}
      type="button"
      aria-pressed={selected === state}
      data-testid={`state-chip-${state ?? 'all'}`}
      onClick={() => onSelect(selected === state ? undefined : state)}
      className={classNames(
        'flex h-7 shrink-0 items-center gap-1.5 rounded-md border px-2 text-xs transition-colors',
        selected === state ? 'border-line-strong bg-active text-text' : 'border-transparent text-soft hover:bg-hover',
      )}
    >
      {state ? <StateIcon state={state} /> : null}
      <span>{label}</span>
      <span className="text-faint tabular-nums">{count}</span>
    </button>
  )
  return (
    <div
      role="group"
      aria-label="States"
      className="flex flex-wrap items-center gap-0.5 max-sm:w-full max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:[scrollbar-width:none]"
    >
      {chip(undefined, all.length, 'All')}
      {stateOrder.map((state) => {
        const count = all.filter((one) => one === state).length
        return count > 0 || selected === state ? chip(state, count, stateLooks[state].label.replace(/ \(.*/, '')) : null
      })}
    </div>
  )
}
