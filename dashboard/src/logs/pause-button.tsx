// Stops the lines and counts what comes meanwhile; resuming shows all of it.
import { Pause, Play } from 'lucide-react'
import type { ReactElement } from 'react'
import { formatCount } from '../../../src/text/amounts.ts'
import { Button } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'

interface PauseButtonProps {
  paused: boolean
  unseen: number
  onToggle(): void
  keys?: string
}

export function PauseButton({ paused, unseen, onToggle, keys = 'Space' }: PauseButtonProps): ReactElement {
  return (
    <Tooltip text={paused ? 'Resume; nothing was lost' : 'Pause; lines go on being kept and counted'} keys={keys}>
      <Button
        look={paused ? 'filled' : 'outline'}
        aria-pressed={paused}
        data-testid="pause-button"
        className="h-8!"
        onClick={onToggle}
      >
        {paused ? <Play aria-hidden /> : <Pause aria-hidden />}
        {paused ? 'Resume' : 'Pause'}
        {paused ? (
          <span className="tabular-nums opacity-80" data-testid="paused-count" data-count={unseen}>
            {formatCount(unseen)} new
          </span>
        ) : null}
      </Button>
    </Tooltip>
  )
}
