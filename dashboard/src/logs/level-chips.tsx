// The choice of levels; none chosen means all.
import type { ReactElement } from 'react'
import { severityNames, type SeverityName } from '../../../src/contracts/record.ts'
import { formatCount } from '../../../src/text/amounts.ts'
import { classNames } from '../ui/class-names.ts'
import { levelColor } from '../ui/level.ts'

interface LevelChipsProps {
  selected: readonly SeverityName[]
  counts: ReadonlyMap<string, number>
  onChange(levels: SeverityName[]): void
}

const titles: Record<SeverityName, string> = {
  TRACE: 'Trace',
  DEBUG: 'Debug',
  INFO: 'Info',
  WARNING: 'Warning',
  ERROR: 'Error',
  CRITICAL: 'Critical',
}

export function LevelChips({ selected, counts, onChange }: LevelChipsProps): ReactElement {
  return (
    <div role="group" aria-label="Levels" className="flex shrink-0 items-center gap-0.5">
      {severityNames.map((level) => {
        const on = selected.includes(level)
        const count = counts.get(level) ?? 0
        return (
          <button
            key={level}
            type="button"
            aria-pressed={on}
            title={`${formatCount(count)} of the loaded lines`}
            data-testid={`level-chip-${level}`}
            onClick={() =>
              onChange(
                on
                  ? selected.filter((one) => one !== level)
                  : severityNames.filter((one) => one === level || selected.includes(one)),
              )
            }
            className={classNames(
              'flex h-7 items-center gap-1.5 rounded-md border px-2 text-xs transition-colors',
              on ? 'border-line-strong bg-active text-text' : 'border-transparent hover:bg-hover',
              !on && (selected.length > 0 ? 'text-faint' : 'text-soft'),
            )}
          >
            <span
              className="size-1.5 rounded-full"
              style={{ background: levelColor(level), opacity: on || selected.length === 0 ? 1 : 0.4 }}
              aria-hidden
            />
            {titles[level]}
          </button>
        )
      })}
    </div>
  )
}
