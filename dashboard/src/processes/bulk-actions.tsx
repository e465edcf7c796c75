// Start, Restart and Stop of many processes at once, in the order in which they wait for each other. What failed is said beside
// the buttons.
import { CircleAlert, Play, RotateCw, Square, X } from 'lucide-react'
import { useState, type ReactElement } from 'react'
import type { ControlAction } from '../../../src/client/index.ts'
import { useHub } from '../hub/hub-context.tsx'
import { toLogboomError } from '../hub/to-logboom-error.ts'
import { useMay } from '../hub/use-may.ts'
import { Button } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'

interface BulkActionsProps {
  /** The sources they are for, as in `Stop all of backend`. */
  whom: string
  targets: readonly string[]
}

export function BulkActions({ whom, targets }: BulkActionsProps): ReactElement | null {
  const { client } = useHub()
  const mayControl = useMay('control')
  const [pending, setPending] = useState<ControlAction>()
  const [failures, setFailures] = useState<string[]>([])
  const run = async (action: ControlAction): Promise<void> => {
    setPending(action)
    setFailures([])
    try {
      const results = await client.controlMany({ action, targets: [...targets] })
      setFailures(results.flatMap(({ name, error }) => (error ? `${name}: ${error.message}` : [])))
    } catch (error) {
      const { message, hint } = toLogboomError(error)
      setFailures([`${message} ${hint}`])
    }
    setPending(undefined)
  }
  const button = (action: ControlAction, label: string, icon: ReactElement): ReactElement => (
    <Tooltip text={`${label} ${whom}`}>
      <Button
        icon
        aria-label={`${label} ${whom}`}
        data-testid={`bulk-${action}`}
        pending={pending === action}
        disabled={pending !== undefined || targets.length === 0}
        onClick={() => void run(action)}
      >
        {icon}
      </Button>
    </Tooltip>
  )
  if (!mayControl) return null
  return (
    <div className="flex min-w-0 items-center gap-2">
      <div className="flex shrink-0 gap-0.5">
        {button('start', 'Start', <Play aria-hidden />)}
        {button('restart', 'Restart', <RotateCw aria-hidden />)}
        {button('stop', 'Stop', <Square aria-hidden />)}
      </div>
      {failures.length > 0 ? (
        <p role="alert" data-testid="bulk-error" className="flex min-w-0 items-center gap-1.5 text-xs text-bad">
          <CircleAlert className="size-3.5 shrink-0" aria-hidden />
          <span className="min-w-0 truncate" title={failures.join('\n')}>
            {failures.join(' · ')}
          </span>
          <Button icon className="h-5! w-5!" aria-label="Dismiss" onClick={() => setFailures([])}>
            <X aria-hidden />
          </Button>
        </p>
      ) : null}
    </div>
  )
}
