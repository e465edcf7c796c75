// The words of the supervisor's rule: what it knows of one process, what happens, and what is to be done. No process, timer or
// file in it.
import type { RunExit, SourceState } from '../../contracts/source-status.ts'
import type { Entry } from '../../contracts/source-storage.ts'
import type { RestartHistory, RestartRules } from '../restart-policy.ts'
import type { RunDetails } from '../run-details.ts'

export interface SupervisorRules extends RestartRules {
  autostart: boolean
  /** The clock starts the process, so nothing else does unasked. */
  hasSchedule: boolean
  /** `until port 80 answers`; absent where a running process counts as ready. */
  untilReady?: string | undefined
}

/** Something wanted of the process. Orders are carried out one after the other, in the order in which they came. */
export type Order = {
  /** Names who waits for the answer. */
  id?: number
} & (
  | { want: 'start' | 'restart'; isWholesale: boolean }
  | { want: 'stop' }
  | { want: 'close'; keep: boolean; signal?: NodeJS.Signals | undefined }
  /** A start that nobody ordered, when the hub comes. */
  | { want: 'begin'; restarts: number }
  /** The wait before an automatic restart is over: the one planned for `at`. */
  | { want: 'restart-due'; at: number }
  | { want: 'restart-because'; entry: Entry }
  | { want: 'fire'; firing: number; isReplacing: boolean }
)

/** The order that is being carried out, and how far it is. */
export interface Task {
  order: Order
  step: 'stopping' | 'preparing' | 'launching' | 'closing'
  wasAlive: boolean
  /** Restarts that the run to be started counts. */
  restarts: number
}

export interface SupervisorState {
  shown: SourceState
  /** Why, for people. */
  detail?: string | undefined
  /** Number of the newest run, 0 before the first. */
  run: number
  restarts: number
  exit?: RunExit | undefined
  history: RestartHistory
  /** Time of the planned restart, Unix milliseconds; a timer runs exactly while it is set. */
  restartAt?: number | undefined
  task?: Task | undefined
  orders: readonly Order[]
  isClosing: boolean
}

/** The newest run that the catalogue knows. */
export interface NewestRun {
  run: number
  startedAt: number
  details: RunDetails
  /** False when an earlier hub marked it as over. */
  isOpen: boolean
  /** An earlier hub had noted how it ended. */
  wasSeenEnding: boolean
  /** Why it is not quite what the configuration says, for people. */
  difference?: string | undefined
}

export type SupervisorEvent =
  | { type: 'found'; newest: NewestRun | undefined }
  | { type: 'ordered'; order: Order }
  | { type: 'waiting'; why: string }
  | { type: 'prepared'; isAbandoned: boolean; error?: Error | undefined }
  | { type: 'launched'; run: number }
  | { type: 'launch-failed'; run: number; error: Error & { code?: string } }
  | { type: 'exited'; run: number; exit: RunExit; livedMs: number; isRequested: boolean; isAdopted: boolean }
  | { type: 'looked-for-ready'; run: number; isReady: boolean; why?: string | undefined }
  | { type: 'stopped'; error?: Error | undefined }
  | { type: 'closed' }
  | { type: 'troubled'; message: string }

export type SupervisorAction =
  /** Waits for other processes and for the last words of the run before; ends in `prepared`. */
  | { do: 'prepare' }
  /** Ends waiting for other processes. */
  | { do: 'abandon' }
  /** Ends in `launched` or `launch-failed`, and once launched in `exited`. */
  | { do: 'launch'; restarts: number; history: RestartHistory; firing: number | undefined }
  | { do: 'look-for-ready'; difference?: string | undefined }
  /** Ends all runs, with this signal first where there is one; ends in `stopped`. */
  | { do: 'stop'; signal?: NodeJS.Signals | undefined }
  /** Waits until all runs are over, or leaves them to the next hub; ends in `closed`. */
  | { do: 'close'; isLeaving: boolean }
  /** Notes the planned restart for the next hub, and tells it behind the last words of the run. */
  | { do: 'note-restart'; history: RestartHistory; restartAt: number; entry: Entry }
  /** The next hub shall not make up for the restart. */
  | { do: 'forget-restart' }
  | { do: 'tell'; entry: Entry }
  | { do: 'answer'; id: number; error: Error | undefined }

/** Seen by the driver in this moment. */
export interface Seen {
  /** Unix milliseconds. */
  now: number
  /** In [0, 1). */
  chance: number
  /** The newest run lives. */
  isAlive: boolean
}
