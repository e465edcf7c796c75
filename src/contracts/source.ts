// The contract of a source: a stable, named origin of lines. Sources live on the main thread; bytes go to the
// storage worker, which tails files itself.
import type { z } from 'zod'
import type { Job, JobReport, JobRuns, NewJob } from './job.ts'
import type { ProcessView, SourceStatus } from './source-status.ts'
import type { SourceStorage } from './source-storage.ts'
import type { LineJoining } from './stage.ts'
import type { Zod } from './zod.ts'

/** A life of a source as the catalogue keeps it. `details` is the source's own: what adoption needs. */
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

/** The surroundings of a source: the storage for its records, and what else only a hub knows. */
export interface SourceContext extends SourceStorage {
  name: string
  session: string
  /** Relative paths in options are relative to this: the configuration's directory. */
  baseDirectory: string
  /** Private (0700) directory for capture files. */
  captureDirectory: string
  /** Path of the file that tells the source's loggers their level, made where there is none. */
  controlFile(): string
  runs: RunLog
  /** How another source of the hub is, or all its instances; empty before it is opened. */
  statusesOf(name: string): SourceStatus[]
  /** Starts another source, as if somebody had asked for it. */
  startOther(name: string): Promise<void>
  /**
   * Opens a source that this one has found, under a name and with a context of its own. The hub shows it, and closes it at its end.
   * Resolves with undefined where the name is taken.
   */
  bring<Brought extends Source>(
    name: string,
    about: BroughtSource,
    open: (context: SourceContext) => Promise<Brought>,
  ): Promise<Brought | undefined>
  /** Closes a source that was brought: it is shown no more, and its records stay. */
  release(name: string): Promise<void>
  /** The job of this id, registered where there is none; undefined where there are no jobs. Rejects like `JobIntake.register`. */
  job(wanted: NewJob): Promise<JobLink | undefined>
  /** Joins lines that belong together, for sources that hand over entries; undefined where that is switched off. */
  lineJoining(): Promise<LineJoining | undefined>
  /** Something small that the next hub shall know, as JSON. */
  memory: { keep(value: unknown): void; kept(): unknown }
  /** Something of `status()` changed. */
  changed(): void
  /** Unix milliseconds. */
  now(): number
}

export interface BroughtSource {
  /** Shown and controlled together. */
  group?: string
  title?: string
}

/** A job that a source of the hub hands in. */
export interface JobLink {
  job: Job
  /** Of the job's source. */
  storage: Pick<SourceStorage, 'push' | 'lastOnce'>
  /** As `JobIntake.report`. */
  report(news: JobReport): Promise<void>
}

/** Instances of one process. More are rather a typing error than a wish. */
export const maxInstances = 500

export type ControlAction = 'start' | 'stop' | 'restart'

export interface ControlOptions {
  /** The action came from --all or a group: sources with a schedule keep to it and are not started now. */
  wholesale?: boolean
}

export interface CloseOptions {
  /** What runs is left running, to be adopted by the next hub. */
  keep: boolean
  /** A signal that somebody sent to what runs, passed on in place of the one that usually stops it. */
  signal?: NodeJS.Signals | undefined
}

export interface Source {
  status(): SourceStatus
  /** Only what can be controlled has it (processes). Resolves when done; rejects with LogboomError. */
  control?(action: ControlAction, options?: ControlOptions): Promise<void>
  /** Everybody who belongs to it. Takes a moment, in which it is seen what they use. */
  processes?(): Promise<ProcessView[]>
  /** Only sources of jobs have it. */
  jobs?: JobRuns
  /** Ends by force what still runs, whatever else is under way. */
  kill?(): void
  /** Ends capturing. */
  close(options: CloseOptions): Promise<void>
}

export interface Discovery {
  captureDirectory: string
  /** Opens a source of this name and type, with default options, unless it is open already. */
  found(name: string): Promise<void>
  /** For the hub's own log. */
  warn(message: string): void
}

export interface SourceType<Options = unknown> {
  /** Unique, singular: `process`. */
  type: string
  /** Key in the configuration, a map from source name to options: `processes`. */
  section: string
  /** Word that titles of its sources end with: `process`, for `Game Control Process`. */
  noun?: string
  /** Schema of the options of one source. */
  options(z: Zod): z.ZodType<Options>
  open(options: Options, context: SourceContext): Promise<Source>
  /** Finds sources that nobody has configured, for as long as the hub lives. Resolves when those are opened that are there now. */
  discover?(discovery: Discovery): Promise<{ close(): Promise<void> }>
  /** Present where something may run on though its hub was killed and its source is wanted no more. */
  leftover?: {
    /** The options of what a run has left, as a user would write them; undefined where it left nothing of this type. */
    written(runDetails: Record<string, unknown>): unknown
    /** The same options, but that nothing is started by itself. */
    quiet(options: Options): Options
  }
}
