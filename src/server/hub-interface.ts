// A hub as the server needs it, and no more; src/hub/hub.ts satisfies it, and so can a test.
import type { Hosts } from '../contracts/hosts/host.ts'
import type { JobIntake } from '../contracts/job.ts'
import type { Access } from '../access/open-access.ts'
import type { Retention, RetentionChange } from '../contracts/retention.ts'
import type { Source } from '../contracts/source.ts'
import type { Storage } from '../contracts/storage.ts'
import type { RunLists } from '../wire/run-view.ts'
import type {
  ControlRequest,
  HubStatus,
  LevelChange,
  ScaleRequest,
  ServiceChange,
  ServiceView,
} from '../wire/hub-view.ts'

/** Something that somebody did to the hub, or through it. */
export interface AuditEntry {
  who: string
  /** A word: `sign_in`. */
  action: string
  metadata?: Record<string, unknown> | undefined
  /** Present when it failed. */
  error?: unknown
}

/** Settings that may be changed while the hub runs; they are kept. */
export interface HubSettings {
  /** `*`: of all sources without a level of their own. Rejects with `request-invalid`. */
  setLevel(source: string, change: LevelChange): Promise<void>
  setService(name: string, change: ServiceChange): Promise<void>
  /** Services that are not shown, or not captured. */
  services(): ServiceView[]
  /** In force. */
  retention(): Retention
  setRetention(change: RetentionChange): Promise<void>
}

export interface ServedHub {
  access: Access
  /** Writes it to the hub's own log. */
  audit(entry: AuditEntry): void

  sources: ReadonlyMap<string, Source>
  /** Several at once; `error` where it failed. Sources that are not `granted` do not exist. */
  control(request: ControlRequest, granted: (name: string) => boolean): Promise<{ name: string; error?: unknown }[]>
  /** Gives the sources that came or went. */
  scale(request: ScaleRequest): Promise<{ name: string; error?: unknown }[]>
  jobs: JobIntake
  hosts: Hosts
  /** All runs and sessions that are known. */
  lists: RunLists
  storage: Storage
  settings: HubSettings
  status(): HubStatus
  /** Calls back when something of `status()` has changed; gives what ends that. */
  onStatus(listener: () => void): () => void
  /** Tells the hub's own log of an error that nobody foresaw. */
  report(error: Error): void
  /** Tells the hub's own log of something that somebody else does wrong. */
  warn(message: string): void
  /** `keep` leaves the processes running, for the next hub to adopt. */
  close(options: { keep: boolean }): Promise<void>
}
