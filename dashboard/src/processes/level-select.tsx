// Chooses the least level that a card shows.
import type { ReactElement } from 'react'
import type { SeverityName } from '../../../src/contracts/record.ts'
import { Choice } from '../ui/fields/choice.tsx'

interface LevelSelectProps {
  value: SeverityName | undefined
  onChange(value: SeverityName | undefined): void
  label: string
}

const choices: [value: SeverityName | '', text: string][] = [
  ['', 'Usual levels'],
  ['TRACE', 'All levels'],
  ['DEBUG', 'Debug and up'],
  ['INFO', 'Info and up'],
  ['WARNING', 'Warning and up'],
  ['ERROR', 'Error and up'],
  ['CRITICAL', 'Critical'],
]

export function LevelSelect({ value, onChange, label }: LevelSelectProps): ReactElement {
  return (
    <Choice
      label={label}
      testId="card-level"
      value={value ?? ''}
      choices={choices}
      className="h-6"
      onChange={(choice) => onChange((choice || undefined) as SeverityName | undefined)}
    />
  )
}
