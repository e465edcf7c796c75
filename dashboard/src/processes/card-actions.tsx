// Restart, Stop and Start of one process. None asks first: each can be undone by another. What failed is said in the card.
import { Play, RotateCw, Square } from 'lucide-react'
import { useState, type ReactElement } from 'react'
import type { LogboomError } from '../../../src/client/index.ts'
import type { SourceState } from '../../../src/contracts/source-status.ts'
import { toLogboomError } from '../hub/to-logboom-error.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useMay } from '../hub/use-may.ts'
import { Button } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { stateLooks } from './states.ts'

type Action = 'start' | 'stop' | 'restart'

interface CardActionsProps {
  name: string
  title: string
  state: SourceState
  /** The schedule goes on until Stop ends it. */
  isScheduled: boolean
  onError(error: LogboomError | undefined): void
}

export function CardActions({ name, title, state, isScheduled, onError }: CardActionsProps): ReactElement | null {
  const { client } = useHub()
  const mayControl = useMay('control')
  const [pending, setPending] = useState<Action>()
  const run = (action: Action): void => {
    setPending(action)
    onError(undefined)
    client
      .control(name, action)
      .catch((error: unknown) => onError(toLogboomError(error)))
      .finally(() => setPending(undefined))
  }
  const button = (action: Action, label: string, icon: ReactElement): ReactElement => (
    <Tooltip text={label}>
      <Button
        icon
        aria-label={`${label} ${title}`}
        data-testid={`card-${action}`}
        pending={pending === action}
        disabled={pending !== undefined || state === 'stopping'}
        onClick={() => run(action)}
      >
        {icon}
      </Button>
    </Tooltip>
  )
  if (!mayControl) return null
  return (
    <div className="flex shrink-0 gap-0.5">
      {stateLooks[state].up ? (
        <>
          {button('restart', 'Restart', <RotateCw aria-hidden />)}
          {button('stop', 'Stop', <Square aria-hidden />)}
        </>
      ) : (
        <>
          {isScheduled ? null : button('restart', 'Restart', <RotateCw aria-hidden />)}
          {button('start', isScheduled ? 'Start now' : 'Start', <Play aria-hidden />)}
          {isScheduled ? button('stop', 'Stop', <Square aria-hidden />) : null}
        </>
      )}
    </div>
  )
}
