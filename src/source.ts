// The contract of a source: a stable, named origin of lines. Sources live on the main thread; bytes go to the
// storage worker, which tails files itself.
import type { z } from 'zod'
import type { RecordExtras } from './batch.ts'
import type { Kind, Stream } from './record.ts'
import type { Zod } from './zod.ts'

/** Card states of A10. Sources that are not processes are `running` or `stopped`. */
export type SourceState =
  | 'starting'
  | 'running'
  | 'ready'
  | 'stopping'
  | 'stopped'
  | 'exited'
  | 'crashed'
  | 'restarting'
  | 'crash-looping'

export interface RunExit {
  /** Exit code, or null when a signal ended it or nobody could see (`known` false). */
  code: number | null
  signal: string | null
  /** Unix milliseconds. */
  at: number
  /** False when it ended while no hub was looking. */
  known: boolean
}

export interface SourceStatus {
  name: string
  type: string
  state: SourceState
  /** The current or last run, 0 before the first. */
  run: number
  pid?: number
  /** What is run, for people. */
  command?: string
  /** Start of the current run, Unix milliseconds. */
  startedAt?: number
  /** How the last run ended. */
  exit?: RunExit
  /** Restarts since the hub (or its predecessor) first started it. */
  restarts: number
  /** When the next automatic restart comes, Unix milliseconds. */
  restartAt?: number
  /** Share of one core, 1 = one whole core, over the whole process tree. */
  cpu?: number
  /** Resident bytes of the whole process tree. */
  memoryBytes?: number
  /** Bytes in its files that are not read yet; only what reads files of others has it. */
  backlogBytes?: number
  /** True when this hub found it running. */
  adopted?: boolean
  /** Others are waited for until they are ready, not only running. */
  saysReady?: boolean
  /** When it is started by the clock. */
  schedule?: ScheduleStatus
  /** One line for people: why it is in this state, where that is not plain. */
  detail?: string
}

/** One process of those that a source has started. */
export interface ProcessView {
  pid: number
  parent: number
  /** To which it belongs: after its own process has ended, somebody may be left of an earlier one. */
  run: number
  command: string
  /** Unix milliseconds. */
  startedAt: number
  /** Share of one core, 1 = one whole core, without its children. */
  cpu: number
  /** Resident. */
  memoryBytes: number
  /** It has left the session of the run's process, or nobody of the run is its parent any more. A stop ends it all the same. */
  escaped?: true
}

export interface ScheduleStatus {
  /** For people. */
  text: string
  /** Unix milliseconds; absent while it is stopped. */
  nextAt?: number | undefined
  /** Firings since the hub came that found the run before still going on. */
  skipped: number
}

/** One structured record handed over as an object. */
export interface Entry {
  message: string
  stream?: Stream
  kind?: Kind
  severity?: number
  /** Unix milliseconds; now when absent. */
  time?: number
  extras?: RecordExtras
}

export interface TailRequest {
  run: number
  pid: number
  stream: Stream
  /** Absolute path. */
  path: string
  /** A private capture file: its consumed head may be punched out, and it is removed by `finish`. */
  capture: boolean
}

/** A file being read by the storage worker from where the last commit left it. */
export interface TailHandle {
  /** Resolves when everything that is in the file now is committed. */
  drain(): Promise<void>
  /** Drains including a last line without newline, forgets the cursor, removes the file if it is a capture file. */
  finish(): Promise<void>
  /** Stops reading; the cursor stays, so that a later tail of the same source, run and stream goes on. */
  close(): Promise<void>
}

/** What a file is, whatever it is called. */
export interface FileIdentity {
  device: number
  inode: number
}

/** A file of others where it is. */
export interface FilePlace extends FileIdentity {
  /** Absolute, with all links followed. */
  path: string
}

/** One whose place is remembered. */
export interface RememberedFile extends FileIdentity {
  /** What had been read of it was not written later; Unix milliseconds. */
  modifiedAt?: number
  /** Older than the first file that was followed; what it held then stays unread. */
  isPassed?: boolean
}

export interface RememberedFiles {
  files: RememberedFile[]
  /** Unix milliseconds: all that were there then are among them. */
  seenAt?: number
}

/** A file that somebody else writes, renames, truncates and removes. */
export interface ForeignRequest extends FilePlace {
  run: number
  /** Beside which it lies, called the same and more. */
  original?: FilePlace
  /** Where reading begins when no hub has read it before. */
  start: 'beginning' | 'end'
  encoding: Encoding
  /** Its size when it was found. */
  seenBytes?: number
  /** Rotated before the first look: what it holds stays unread, and its end is remembered as its place. */
  isPassed?: boolean
  /** It is compressed: its text is read, once, but for what was read of it before it was compressed. */
  packed?: boolean
  /** All its records have this in the field `log.file.path`. */
  label?: string
}

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'latin1'] as const
export type Encoding = (typeof encodings)[number]

export interface ForgetOptions {
  /** Compressed it may come back. */
  mayReturn?: boolean
  /** Nobody saw it go: what may have been written to it is told as missing. */
  isUnseen?: boolean
}

export interface ForeignTail extends TailHandle {
  /** It is called so now. */
  rename(path: string): Promise<void>
  /** How far it was read, of how many bytes. */
  look(): Promise<{ offset: number; size: number }>
}

/** `failed`: why it cannot be opened for the moment. */
export type OpenedTail = ForeignTail | 'moved' | 'copy' | { failed: string }

/** One life of a source as the catalogue keeps it. `details` is the source's own: what adoption needs. */
export interface RunRow {
  source: string
  run: number
  session: string
  startedAt: number
  endedAt: number | null
  details: Record<string, unknown>
}

export interface RunLog {
  /** Numbers and stores a new run. */
  begin(details: Record<string, unknown>): RunRow
  /** Goes on with the run that the store knows where it is not known here any more; else numbers and stores a new one. */
  resume(details: Record<string, unknown>): RunRow
  /** Replaces the details of a run. */
  update(run: number, details: Record<string, unknown>): void
  /** Marks a run as over. */
  end(run: number, endedAt: number, details: Record<string, unknown>): void
  /** Runs of this source that no hub has marked as over. */
  open(): RunRow[]
  /** The newest run. */
  last(): RunRow | undefined
}

export interface SourceContext {
  name: string
  session: string
  /** Relative paths in options are relative to this: the configuration's directory. */
  baseDirectory: string
  /** Private (0700) directory for capture files. */
  captureDirectory: string
  runs: RunLog
  tail(request: TailRequest): Promise<TailHandle>
  /**
   * `moved`: the path names another file by now, or none; `copy`: of a file that is read, or was, so not to be read, as is one
   * that is passed.
   */
  tailForeign(request: ForeignRequest): Promise<ForeignTail | 'moved' | 'copy'>
  /**
   * The same for files that are opened at once, before any of them is read. Each of `logs` names files that are read one after the
   * other; they may be open already.
   */
  tailLogs(requests: ForeignRequest[], logs: FileIdentity[][]): Promise<OpenedTail[]>
  /** The files of others that this run has read, as far as that is remembered. */
  foreignFiles(run: number): Promise<RememberedFiles>
  /** All that were there then have been opened, or are not to be. */
  sawForeignFiles(run: number, at: number): Promise<void>
  /** What waits in this source's files of others to be read. */
  backlogBytes(): Promise<number>
  /** The place in one that is gone need not be remembered any more. */
  forgetForeign(run: number, file: FileIdentity, how?: ForgetOptions): Promise<void>
  /**
   * Resolves when the records are committed. `once` names them: pushed again under the name of the last ones, as after a
   * crash that left it unknown whether they were committed, they are not committed twice.
   */
  push(run: { run: number; pid: number }, entries: Entry[], once?: string): Promise<void>
  /** The name under which records were last pushed that had one, by this hub or one before it. */
  lastOnce(): Promise<string | undefined>
  /** Whether there is a record that the query finds. */
  has(query: string): Promise<boolean>
  /** How another source of the hub is, or all its instances; empty before it is opened. */
  statusesOf(name: string): SourceStatus[]
  /** Starts another source, as if somebody had asked for it. */
  startOther(name: string): Promise<void>
  /** Something small that the next hub shall know, as JSON. */
  memory: { keep(value: unknown): void; kept(): unknown }
  /** Something of `status()` changed. */
  changed(): void
  /** Unix milliseconds. */
  now(): number
}

export type ControlAction = 'start' | 'stop' | 'restart'

export interface ControlOptions {
  /** It is one of many that were not named: what has a schedule goes by that, and is not started now. */
  wholesale?: boolean
}

export interface Source {
  status(): SourceStatus
  /** Only what can be controlled has it (processes). Resolves when done; rejects with LogboomError. */
  control?(action: ControlAction, options?: ControlOptions): Promise<void>
  /** Everybody who belongs to it. Takes a moment, in which it is seen what they use. */
  processes?(): Promise<ProcessView[]>
  /** Ends by force what still runs, whatever else is under way. */
  kill?(): void
  /** Ends capturing. `keep` leaves what runs running, to be adopted by the next hub. */
  close(options: { keep: boolean }): Promise<void>
}

export interface SourceType<Options = unknown> {
  /** Unique, singular: `process`. */
  type: string
  /** Its key in the configuration, a map from source name to options: `processes`. */
  section: string
  /** What a user may set for one source. */
  options(z: Zod): z.ZodType<Options>
  open(options: Options, context: SourceContext): Promise<Source>
}
