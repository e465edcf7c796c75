// Whether long lines are wrapped.
import { WrapText } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'

export function WrapButton({ wrap, onChange }: { wrap: boolean; onChange(wrap: boolean): void }): ReactElement {
  return (
    <Tooltip text={wrap ? 'One row per line' : 'Wrap long lines'} keys="w">
      <Button
        icon
        look={wrap ? 'outline' : 'plain'}
        aria-label="Wrap long lines"
        aria-pressed={wrap}
        data-testid="wrap-toggle"
        onClick={() => onChange(!wrap)}
      >
        <WrapText aria-hidden />
      </Button>
    </Tooltip>
  )
}
