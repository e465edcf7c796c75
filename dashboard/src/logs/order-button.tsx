// Whether lines stand in the order of event time: of several files and hosts, what happened first comes first.
import { Clock } from 'lucide-react'
import type { ReactElement } from 'react'
import { ToggleButton } from './toggle-button.tsx'

interface OrderButtonProps {
  isByTime: boolean
  onChange(isByTime: boolean): void
}

export function OrderButton({ isByTime, onChange }: OrderButtonProps): ReactElement {
  const words = { label: 'In the order of event time', otherwise: 'In the order of capture' }
  return (
    <ToggleButton isOn={isByTime} onChange={onChange} {...words} keys="o" testId="order-toggle">
      <Clock aria-hidden />
    </ToggleButton>
  )
}
