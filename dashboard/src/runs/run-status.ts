// The states of runs, jobs and sessions as people see them. Orchestrators say whatever they like; what is not known is shown as it is.
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleQuestionMark,
  CircleStop,
  CircleX,
  LoaderCircle,
  type LucideIcon,
} from 'lucide-react'
import type { StateLook } from '../processes/states.ts'

export interface StatusLook {
  label: string
  tone: StateLook['tone']
  icon: LucideIcon
  /** The icon turns. */
  isBusy: boolean
}

type Look = Omit<StatusLook, 'label' | 'isBusy'>

const good: Look = { tone: 'good', icon: CircleCheck }
const bad: Look = { tone: 'bad', icon: CircleX }
const stopped: Look = { tone: 'idle', icon: CircleStop }
const cancelled: Look = { tone: 'idle', icon: Ban }
const running: Look = { tone: 'busy', icon: LoaderCircle }

const looks: Readonly<Record<string, Look>> = {
  PENDING: { tone: 'busy', icon: CircleDashed },
  RUNNING: running,
  COMPLETED: good,
  SUCCESS: good,
  SUCCEEDED: good,
  FAILED: bad,
  FAILURE: bad,
  ERROR: bad,
  TIMEOUT: bad,
  TIMED_OUT: bad,
  ABORTED: bad,
  KILLED: bad,
  STOPPED: stopped,
  ENDED: stopped,
  CANCELLED: cancelled,
  CANCELED: cancelled,
  UNKNOWN: { tone: 'warn', icon: CircleQuestionMark },
}

export function statusLook(status: string, isOver: boolean): StatusLook {
  const look = (Object.hasOwn(looks, status) ? looks[status] : undefined) ?? (isOver ? stopped : running)
  const words = status.toLowerCase().replaceAll('_', ' ')
  return { ...look, label: words.charAt(0).toUpperCase() + words.slice(1), isBusy: look === running && !isOver }
}
