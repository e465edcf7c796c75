// A short explanation on hover and focus; never the only place where something is said.
import { Tooltip as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { Keys } from './keys.tsx'

interface TooltipProps {
  text: ReactNode
  /** Shortcut shown beside the text. */
  keys?: string
  side?: 'top' | 'bottom' | 'left' | 'right'
  children: ReactElement
}

export function Tooltip({ text, keys, side = 'bottom', children }: TooltipProps): ReactElement {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex max-w-80 animate-rise items-center gap-2 rounded-md border border-line bg-raised px-2 py-1 text-xs text-text shadow-float"
        >
          <span className="min-w-0 wrap-anywhere">{text}</span>
          {keys ? <Keys keys={keys} /> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
