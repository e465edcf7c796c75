// The icon of a process state, in its colour.
import {
  CircleCheck,
  CircleCheckBig,
  CircleStop,
  CircleX,
  Flag,
  LoaderCircle,
  Repeat,
  RotateCw,
  type LucideIcon,
} from 'lucide-react'
import type { ReactElement } from 'react'
import type { SourceState } from '../../../src/contracts/source-status.ts'
import { stateLooks, toneText } from './states.ts'

const icons: Record<SourceState, LucideIcon> = {
  starting: LoaderCircle,
  running: CircleCheck,
  ready: CircleCheckBig,
  stopping: LoaderCircle,
  stopped: CircleStop,
  exited: Flag,
  crashed: CircleX,
  restarting: RotateCw,
  'crash-looping': Repeat,
}

export function StateIcon({ state, className = 'size-3.5' }: { state: SourceState; className?: string }): ReactElement {
  const Icon = icons[state]
  const spins = state === 'starting' || state === 'stopping' || state === 'restarting'
  return (
    <Icon
      aria-hidden
      className={`shrink-0 ${toneText[stateLooks[state].tone]} ${spins ? 'animate-spin' : ''} ${className}`}
    />
  )
}
