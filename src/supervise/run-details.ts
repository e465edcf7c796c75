// What is remembered of a run beyond what every source has: plain JSON, in the catalogue and in the note beside its files.
import type { RunExit } from '../contracts/source-status.ts'
import type { CaptureFile } from './capture-files.ts'
import type { ProcessIdentity } from './process/identity.ts'
import type { RestartHistory } from './restart-policy.ts'

/** What the catalogue keeps of a run, so that the next hub can go on with it. */
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
  /** It has said that it is ready. */
  ready?: boolean
  /** Of the failures before this run, and with it once it has ended. */
  history?: RestartHistory
  /** Of the schedule, that it was started for; Unix milliseconds. */
  firing?: number
  /** It has ended, and is to be restarted then; Unix milliseconds. */
  restartAt?: number
}
