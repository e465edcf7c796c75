// A status as icon and word, never as a colour alone.
import type { ReactElement } from 'react'
import { toneText } from '../processes/states.ts'
import { statusLook } from './run-status.ts'

interface StatusMarkProps {
  status: string
  isOver: boolean
  className?: string
}

export function StatusMark({ status, isOver, className = '' }: StatusMarkProps): ReactElement {
  const { label, tone, icon: Icon, isBusy } = statusLook(status, isOver)
  return (
    <span className={`flex min-w-0 items-center gap-1.5 ${toneText[tone]} ${className}`} data-testid="run-status">
      <Icon className={`size-3.5 shrink-0 ${isBusy ? 'animate-spin' : ''}`} aria-hidden />
      <span className="truncate">{label}</span>
    </span>
  )
}
