// What applications hold in their hands: pino's interface, with CRITICAL and WARNING, names that have parents, and metrics.
import type { Level, LevelName } from './level/levels.ts'
import type { RedactOptions, Serializers } from './options/logger-options.ts'

export interface LogFunction {
  /** `%s`, `%d`, `%i`, `%j`, `%o` and `%O` are filled in. */
  (message: string, ...values: unknown[]): void
  /** Fields first, then the message. An Error is field `err`, and its message is the record's where there is none. */
  (fields: object, message?: string, ...values: unknown[]): void
  (value: unknown, message?: string, ...values: unknown[]): void
}

export interface ChildOptions {
  level?: Level
  serializers?: Serializers
  /** In place of the parent's. */
  redact?: readonly string[] | RedactOptions
  /** Stands before each message. */
  msgPrefix?: string
}

export interface LoggerMetrics {
  /** Records that were logged. */
  lines: number
  /** Bytes written to the file; supervised, to standard output. */
  bytes: number
  /** Records that could not be written, and mistakes while logging. */
  errors: number
  levels: Record<LevelName, number>
}

export interface Logger {
  /** Dotted, e.g. `host.db`. */
  readonly name: string
  trace: LogFunction
  debug: LogFunction
  info: LogFunction
  warn: LogFunction
  warning: LogFunction
  error: LogFunction
  critical: LogFunction
  /** CRITICAL. */
  fatal: LogFunction
  silent: LogFunction
  /** Least severe level that is logged. Children without a level of their own follow. */
  get level(): string
  set level(level: Level)
  readonly levelVal: number
  isLevelEnabled(level: Level): boolean
  /** A logger whose records have these fields, too. */
  child(bindings: object, options?: ChildOptions): Logger
  /** The logger `<name>.<part>`, the same at each call. */
  getChild(part: string): Logger
  bindings(): Record<string, unknown>
  setBindings(bindings: object): void
  /** All that was logged is with the hub, or on disk to be sent later. Files need none: they are written at once. */
  flush(done?: (error?: Error) => void): Promise<void>
  /** Of this logger with all of its children. */
  metrics(): LoggerMetrics
  /** Path of the log file; undefined without. */
  readonly logFile: string | undefined
}
