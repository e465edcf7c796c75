// Chooses the least level that a card shows. The browser's own select: quick, accessible, at home on a phone.
import type { ReactElement } from 'react'
import type { SeverityName } from '../../../src/record.ts'

interface LevelSelectProps {
  value: SeverityName | undefined
  onChange(value: SeverityName | undefined): void
  label: string
}

const choices: [value: SeverityName | '', text: string][] = [
  ['', 'All levels'],
  ['DEBUG', 'Debug and up'],
  ['INFO', 'Info and up'],
  ['WARNING', 'Warning and up'],
  ['ERROR', 'Error and up'],
  ['CRITICAL', 'Critical'],
]

export function LevelSelect({ value, onChange, label }: LevelSelectProps): ReactElement {
  return (
    <select
      value={value ?? ''}
      aria-label={label}
      data-testid="card-level"
      onChange={(event) => onChange((event.target.value || undefined) as SeverityName | undefined)}
      className={`h-6 rounded-md bg-transparent px-1 text-xs hover:bg-hover ${value ? 'text-accent' : 'text-soft'}`}
    >
      {choices.map(([choice, text]) => (
        <option key={choice} value={choice} className="bg-raised text-text">
          {text}
        </option>
      ))}
    </select>
  )
}
