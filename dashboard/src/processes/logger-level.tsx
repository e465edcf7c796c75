// The level of a process for everybody: of what consoles, cards and streams show of it, and of the loggers inside it.
import type { ReactElement } from 'react'
import type { LogboomError } from '../../../src/client/index.ts'
import { severityNames, type SeverityName } from '../../../src/contracts/record.ts'
import { useHub } from '../hub/hub-context.tsx'
import { toLogboomError } from '../hub/to-logboom-error.ts'
import { useMay } from '../hub/use-may.ts'
import { Choice } from '../ui/fields/choice.tsx'
import { Tooltip } from '../ui/tooltip.tsx'

interface LoggerLevelProps {
  name: string
  title: string
  level: SeverityName
  onError(error: LogboomError | undefined): void
}

const choices: [value: string, text: string][] = [
  ...severityNames.map((level): [string, string] => [level, level]),
  ['default', 'As configured'],
]

export function LoggerLevel({ name, title, level, onError }: LoggerLevelProps): ReactElement | null {
  const { client } = useHub()
  const mayControl = useMay('control')
  if (!mayControl) return null
  return (
    <Tooltip text="Level for everybody, also of its loggers">
      <span className="-mr-1.5 flex">
        <Choice
          label={`Level of ${title} for everybody, also of its loggers`}
          testId="card-logger-level"
          value={level}
          choices={choices}
          className="h-5"
          isPlain
          onChange={(shown) => {
            onError(undefined)
            client
              .setLevel(name, { shown: shown as SeverityName | 'default' })
              .catch((error: unknown) => onError(toLogboomError(error)))
          }}
        />
      </span>
    </Tooltip>
  )
}
