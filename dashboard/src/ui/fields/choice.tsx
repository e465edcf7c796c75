// A small select in the house's dress: the browser's own list, quick, accessible, at home on a phone.
import { ChevronDown } from 'lucide-react'
import type { ReactElement } from 'react'
import { classNames } from '../class-names.ts'

interface ChoiceProps {
  label: string
  testId: string
  /** '' is the choice that filters nothing. */
  value: string
  choices: readonly [value: string, text: string][]
  onChange(value: string): void
  className?: string
  /** Looks as if nothing were chosen: it is no filter. */
  isPlain?: boolean
}

export function Choice({ label, testId, value, choices, onChange, className, isPlain }: ChoiceProps): ReactElement {
  return (
    <span className={classNames('relative inline-flex shrink-0 items-center', className ?? 'h-7')}>
      <select
        aria-label={label}
        data-testid={testId}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={classNames(
          'h-full appearance-none rounded-md border pr-6 pl-2 text-xs transition-colors [field-sizing:content]',
          value === '' || isPlain
            ? 'border-transparent bg-transparent text-soft hover:bg-hover'
            : 'border-line-strong bg-active text-text',
        )}
      >
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice} className="bg-raised text-text">
            {text}
          </option>
        ))}
      </select>
      <ChevronDown className="pointer-events-none absolute right-1.5 size-3 text-faint" aria-hidden />
    </span>
  )
}
