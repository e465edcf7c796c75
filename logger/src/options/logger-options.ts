// What applications may ask of a logger.
import type { Level } from '../level/levels.ts'

/** `10MB`; units of 1,024. */
export type Size = `${number}${'B' | 'KB' | 'MB' | 'GB'}`

export interface RedactOptions {
  /** `user.password`, `headers["set-cookie"]`, `*.token`, `list[*].secret`. */
  paths: readonly string[]
  /** Text in place of values, or a function that gives the value. Default: `[Redacted]`. */
  censor?: string | ((value: unknown, path: string[]) => unknown)
  /** Keys vanish with their values. */
  remove?: boolean
}

/** Value of a key → what is logged in its place. */
export type Serializers = Readonly<Record<string, (value: never) => unknown>>

export interface HubOptions {
  /** Address of the hub, e.g. `http://127.0.0.1:7474`. */
  url: string
  token?: string
}

export interface LoggerOptions {
  /** Directory of log files. Default: `<temporary directory>/<app>/logs`. */
  logDir?: string
  /** Least severe level that is logged. `--log-level` and the environment (LOG_LEVEL, LOGBOOM_LEVEL) beat it. Default: info. */
  level?: Level
  /** Size at which the file is rotated; a number is bytes. Default: 10MB. */
  maxSize?: Size | number
  /** Rotated files that are kept. Default: 5. */
  keep?: number
  /** Compression of rotated files, in the background. Default: false. */
  compress?: false | 'gzip' | 'zstd'
  /** Directory of rotated files; relative to `logDir`. Default: beside the file. */
  archiveDir?: string
  /** Format of the file. Default: text. */
  format?: 'text' | 'json'
  /** Times in UTC rather than local time. Default: false. */
  utc?: boolean
  /** Lines on standard output. Default: true. */
  console?: boolean
  /** Lines in a file. Default: true. */
  file?: boolean
  /** Records tell module, function and line of the call; costs some microseconds each. Default: false. */
  callsite?: boolean
  /** Paths of values that are not shown. */
  redact?: readonly string[] | RedactOptions
  serializers?: Serializers
  /** Name of the application. Default: the name in the nearest package.json above the main script. */
  app?: string
  /** The hub that gets the records, too; false: none, whatever LOGBOOM_URL says. */
  hub?: HubOptions | false
}
