// Whether lines stand in the order of event time: of several files and hosts, what happened first comes first.
import { Clock } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'

interface OrderButtonProps {
  isByTime: boolean
  onChange(isByTime: boolean): void
}

export function OrderButton({ isByTime, onChange }: OrderButtonProps): ReactElement {
  return (
    <Tooltip text={isByTime ? 'In the order of capture' : 'In the order of event time'} keys="o">
      <Button
        icon
        look={isByTime ? 'outline' : 'plain'}
        aria-label="In the order of event time"
        aria-pressed={isByTime}
        data-testid="order-toggle"
        onClick={() => onChange(!isByTime)}
      >
        <Clock aria-hidden />
      </Button>
    </Tooltip>
  )
}
