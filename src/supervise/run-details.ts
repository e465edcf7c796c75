// Facts of a run beyond those that every source has: plain JSON, in the catalogue and in the note beside its files.
import type { RunExit } from '../contracts/source-status.ts'
import type { CaptureFile } from './capture-files.ts'
import type { ProcessIdentity } from './process/identity.ts'
import type { RestartHistory } from './restart-policy.ts'

export interface RunDetails {
  /** The value of LOGBOOM_RUN in its environment. */
  runId: string
  /** For people, without its secrets. */
  command: string
  /** See `commandCheck`; absent in runs of earlier versions, which kept their commands in clear. */
  commandCheck?: string
  restarts: number
  identity?: ProcessIdentity
  files?: CaptureFile[]
  stopRequested?: boolean
  exit?: RunExit
  /** The exit stands in the log. */
  told?: boolean
  ready?: boolean
  /** Of the failures before this run, and with it once it has ended. */
  history?: RestartHistory
  /** Of the schedule, that it was started for; Unix milliseconds. */
  firing?: number
  /** Time of the planned restart after this run has ended; Unix milliseconds. */
  restartAt?: number
}
