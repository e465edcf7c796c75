// A hub's view of itself and its sources over HTTP; shared by server, client and dashboard.
import type { Retention } from '../contracts/retention.ts'
import type { SeverityName } from '../contracts/record.ts'
import type { ControlAction } from '../contracts/source.ts'
import type { SourceStatus } from '../contracts/source-status.ts'
import type { StoreInfo } from '../contracts/store-info.ts'

export interface HubInfo {
  /** Of Logboom. */
  version: string
  /** Id of this life of the hub. */
  session: string
  /** Unix milliseconds. */
  startedAt: number
  /** Process and paths are for those who see everything. */
  pid?: number
  /** Absolute path. */
  stateDirectory?: string
  /** Absolute path of the directory of `<source>.log`. */
  logsDirectory?: string
  /** Why nothing gets into files there; absent when all is well. */
  logsObstacle?: string
  /** Absolute path; absent when the session file is switched off, or cannot be written. */
  sessionFile?: string
  /** Address of the dashboard: `http://127.0.0.1:7420`. */
  url: string
  /** Lasting trouble, one sentence each; empty when all is well. */
  trouble: string[]
}

export interface SourceView extends SourceStatus {
  /** For people: `Game Control Process`. */
  title: string
  /** Sources of a group are shown and controlled together. */
  group?: string
  /** The process that it is an instance of. */
  instanceOf?: string
  /** May be started, stopped and restarted. */
  isControllable?: true
  /** The least level that consoles, cards and streams show unless they ask for another. */
  shownLevel?: SeverityName
  /** The least level of lines that are kept. */
  capturedLevel?: SeverityName
  /** Absolute path, where a file is written. */
  logFile?: string
  /** Why none is written, though it should be. */
  logObstacle?: string
}

/** Body of `/api/v1/sources/:name/level`. `default`: as for all sources, or, of all, as configured. */
export interface LevelChange {
  shown?: SeverityName | 'default' | undefined
  captured?: SeverityName | 'default' | undefined
}

/** Body of `/api/v1/services/:name`. */
export interface ServiceChange {
  shown?: boolean | undefined
  captured?: boolean | undefined
}

export interface ServiceView {
  name: string
  shown: boolean
  captured: boolean
}

/** Body of `/api/v1/control`. */
export interface ControlRequest {
  action: ControlAction
  /** Names, patterns such as `web-*`, and groups as `@backend`. */
  targets?: string[]
  /** All processes. */
  all?: boolean
}

/** Body of `/api/v1/scale`. */
export interface ScaleRequest {
  name: string
  instances: number
}

/** Outcome for one source. */
export interface ControlResult {
  name: string
  /** As it is then; absent where an instance too many is gone. */
  source?: SourceView
  /** Present when it failed. */
  error?: ErrorBody
}

/** The answer of `/api/v1/store`. */
export interface StoreView extends StoreInfo {
  /** Rules that are in force. */
  retention: Retention
}

export interface HubStatus {
  hub: HubInfo
  sources: SourceView[]
}

/** The message of `/api/v1/status`. */
export type StatusFrame = { type: 'status' } & HubStatus

/** How an error crosses the wire, as `{ error: … }`. */
export interface ErrorBody {
  code: string
  message: string
  hint: string
  /** Place in the query, in UTF-16 units, where the query is at fault. */
  position?: { from: number; to: number }
}
