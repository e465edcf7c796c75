// The choice of the least severe level, with the count of each: what is below it is dim, and still counted.
import type { ReactElement } from 'react'
import { severityNames, type SeverityName } from '../../../src/contracts/record.ts'
import { formatCount } from '../../../src/text/amounts.ts'
import { classNames } from '../ui/class-names.ts'
import { levelColor } from '../ui/level.ts'

interface LevelStepsProps {
  label: string
  level: SeverityName | undefined
  /** By name; undefined while they are counted. */
  counts: ReadonlyMap<string, number> | undefined
  onChange(level: SeverityName | undefined): void
}

/** The first stands for everything, and counts what is less severe, too. */
const steps: readonly [level: SeverityName, title: string][] = [
  ['DEBUG', 'Debug'],
  ['INFO', 'Info'],
  ['WARNING', 'Warn'],
  ['ERROR', 'Error'],
  ['CRITICAL', 'Crit'],
]

export function LevelSteps({ label, level, counts, onChange }: LevelStepsProps): ReactElement {
  const chosen = Math.max(
    0,
    steps.findIndex(([each]) => each === level),
  )
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className="flex h-7 shrink-0 overflow-hidden rounded-md border border-line max-sm:h-10 max-sm:w-full"
    >
      {steps.map(([each, title], index) => (
        <button
          key={each}
          type="button"
          role="radio"
          aria-checked={index === chosen}
          title={index === 0 ? 'All levels' : `${title} and worse`}
          data-testid={`level-step-${each}`}
          data-count={counts && countOf(counts, index)}
          onClick={() => onChange(index === 0 ? undefined : each)}
          className={classNames(
            'flex items-center gap-x-1.5 border-r border-line px-2 text-xs whitespace-nowrap last:border-r-0 hover:bg-hover focus-visible:-outline-offset-2 max-sm:flex-1 max-sm:flex-wrap max-sm:content-center max-sm:justify-center max-sm:px-0 max-sm:text-2xs',
            index < chosen ? 'bg-sunken text-faint' : 'text-soft',
            index === chosen && 'bg-active! text-text! shadow-[inset_2px_0_var(--accent)]',
          )}
        >
          <span
            className="size-1.5 rounded-full"
            style={{ background: levelColor(each), opacity: index < chosen ? 0.4 : 1 }}
            aria-hidden
          />
          {title}
          <span
            className={classNames(
              'min-w-[2ch] text-right tabular-nums max-sm:basis-full max-sm:text-center',
              index >= chosen && 'text-text',
            )}
          >
            {counts ? formatCount(countOf(counts, index)) : ''}
          </span>
        </button>
      ))}
    </div>
  )
}

function countOf(counts: ReadonlyMap<string, number>, index: number): number {
  const of = (name: SeverityName): number => counts.get(name) ?? 0
  const level = steps[index]![0]
  return index > 0 ? of(level) : severityNames.slice(0, 2).reduce((sum, name) => sum + of(name), 0)
}
