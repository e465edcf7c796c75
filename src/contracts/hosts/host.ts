// Another host whose agent hands in what its sources say: how people see it, and how its agent is let in.
import type { RunRow, ControlAction } from '../source.ts'
import type { SourceStatus } from '../source-status.ts'

/** Form of a host's name: a part of the names of its sources, of file names, patterns and addresses. */
export const hostNameForm: RegExp = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/

export interface HostView {
  name: string
  connected: boolean
  /** Of Logboom, there. */
  version: string
  /** Address that it came from last. */
  address: string
  /** Unix milliseconds. */
  connectedAt?: number
  lastSeenAt: number
  /** Records that are captured there and not here; as of when it was last heard. */
  lag: number
  /** Age of the oldest of them, when it was last heard. */
  lagMs: number
  spoolBytes: number
  spoolLimitBytes: number
  whenFull: 'block' | 'gap'
  /** Records that it gave up because its spool was full, since it was started. */
  dropped: number
  /** Added to its times, where its clock differs from this one. */
  skewMs: number
  /** Processes there may be started and stopped from here. */
  control: boolean
  sources: number
  /** Lasting trouble, one sentence each. */
  trouble: string[]
}

/** First words of an agent. */
export interface AgentHello {
  protocol: number
  version: string
  host: string
  /** Id of its state directory. */
  agent: string
  /** Of this start of it. */
  life: string
  /** Word that the hub gave it last; absent before the first time. */
  lease?: string
  /** Clock of the host, Unix milliseconds. */
  time: number
  control: boolean
}

/** A source as its host's agent tells of it. */
export interface RemoteSource extends SourceStatus {
  title: string
  controllable: boolean
}

export interface AgentState {
  sources: RemoteSource[]
  /** The agent has just been started, and more sources may come. */
  opening?: boolean
  /** Of its own log. */
  head: number
  /** Of the oldest record that is not here. */
  oldestAt?: number
  spoolBytes: number
  spoolLimitBytes: number
  whenFull: 'block' | 'gap'
  dropped: number
  time: number
  trouble: string[]
}

/** An agent's connection, for those who want something of the agent. */
export interface AgentLink {
  address: string
  control(source: string, action: ControlAction): Promise<void>
  /** Tells the error and ends the connection. */
  dismiss(error: unknown): void
  /** Asks whether somebody is still there; whoever does not answer is cut off. */
  probe(): void
}

/** An agent that was let in. */
export interface AdmittedAgent {
  /** Word for the next time; holds once the agent has said that it is kept. */
  lease: string
  /** The agent's id of the last record that is here. */
  through?: number
  keepsLease(): void
  /** Resolves with how far its records are here when these are committed. */
  take(after: number | undefined, through: number, frames: Uint8Array<ArrayBuffer>): Promise<number>
  tells(state: AgentState): void
  runs(rows: readonly RunRow[]): void
  left(): void
}

export interface Hosts {
  list(): HostView[]
  /** Rejects with `agent-copied`, `agent-in-use`, `request-invalid`. */
  admit(hello: AgentHello, link: AgentLink): Promise<AdmittedAgent>
}
