// A button with a picture that switches a choice of lists of lines on and off.
import type { ReactElement, ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'

interface ToggleButtonProps {
  isOn: boolean
  onChange(isOn: boolean): void
  /** The choice, in words. */
  label: string
  /** The other choice, which the button leads back to. */
  otherwise: string
  keys: string
  testId: string
  /** The picture. */
  children: ReactNode
}

export function ToggleButton({
  isOn,
  onChange,
  label,
  otherwise,
  keys,
  testId,
  children,
}: ToggleButtonProps): ReactElement {
  return (
    <Tooltip text={isOn ? otherwise : label} keys={keys}>
      <Button
        icon
        look={isOn ? 'outline' : 'plain'}
        aria-label={label}
        aria-pressed={isOn}
        data-testid={testId}
        onClick={() => onChange(!isOn)}
      >
        {children}
      </Button>
    </Tooltip>
  )
}
