// Whether long lines are wrapped.
import { WrapText } from 'lucide-react'
import type { ReactElement } from 'react'
import { ToggleButton } from './toggle-button.tsx'

export function WrapButton({ wrap, onChange }: { wrap: boolean; onChange(wrap: boolean): void }): ReactElement {
  const words = { label: 'Wrap long lines', otherwise: 'One row per line' }
  return (
    <ToggleButton isOn={wrap} onChange={onChange} {...words} keys="w" testId="wrap-toggle">
      <WrapText aria-hidden />
    </ToggleButton>
  )
}
