// Types of logboom.config.ts, with the meaning of each key: the reference of the configuration. The schemas of
// the parts decide at run time; a test holds both together.
import type { SeverityName } from '../contracts/record.ts'
import type { LogFileOptions } from '../sinks/log-file.ts'
import type { SessionFileOptions } from '../sinks/session-file.ts'

export interface ProcessOptions {
  /** Text is run by a shell; a list is program and arguments, run as they are. */
  command: string | [program: string, ...arguments: string[]]
  /** Relative to the configuration's directory, which is the default. */
  cwd?: string
  /** Added to Logboom's own environment. */
  env?: Record<string, string | number | boolean>
  /** Files of `NAME=value` lines, read at every start; `env` beats them, the last beats those before it. */
  envFile?: string | string[]
  /** When to start it again after it exited. Default: on-failure. */
  restart?: 'always' | 'on-failure' | 'never'
  /** Sent to the whole process group. Default: SIGTERM. */
  stopSignal?: NodeJS.Signals
  /** After this time without an end comes SIGKILL. Default: 10,000. */
  stopTimeoutMs?: number
  /** Whether `logboom up` starts it. Default: true. */
  autostart?: boolean
  /** Time before a restart: doubled from `initialMs` (500) to `maxMs` (30,000). */
  backoff?: { initialMs?: number; maxMs?: number }
  /** A crash loop: `exits` (5) `withinMs` (60,000). */
  crashLoop?: { exits?: number; withinMs?: number }
  /** Asks the runtimes that hold output back not to (`PYTHONUNBUFFERED` and the like). Default: true. */
  unbuffered?: boolean
  /**
   * Standard input of the process: `open`, which never ends and has nothing in it; `empty`, which ends at once; or a file. Default:
   * open; empty for what is started by the clock.
   */
  stdin?: 'open' | 'empty' | { file: string }
  /** When it can do its work; one sign of the four. Looked for every `intervalMs` (250), for `timeoutMs` (60,000). */
  ready?: {
    /** A regular expression that a line of this run matches. */
    log?: string
    /** Takes connections on this machine. */
    port?: number
    /** Answers with a status from 200 to 399. */
    http?: string
    /** Ends with code 0. */
    command?: string | [program: string, ...arguments: string[]]
    intervalMs?: number
    timeoutMs?: number
  }
  /** Processes that must be as far before this one is started. Of names alone: ready, where they say what that is, else started. */
  dependsOn?: string | string[] | Record<string, 'started' | 'ready' | 'completed'>
  /** Started by the clock: five fields as for cron, or `@hourly` and its like. */
  schedule?: string
  /** Instead: at every full `30s`, `15m`, `12h`. */
  every?: string
  /** Of the fields: `Europe/Berlin`. Default: the machine's. */
  timeZone?: string
  /** Treatment of a firing while the run before still goes on. Default: skip. */
  overlap?: 'skip' | 'queue' | 'kill'
  /** Firings that were missed while no hub was there are made up for by a single run. Default: false. */
  catchUp?: boolean
  /**
   * Restarted when files change: globs and directories relative to its directory, which is what `true` means. When nothing has
   * changed for `debounceMs` (300).
   */
  watch?: boolean | string | string[] | { files?: string | string[]; ignore?: string | string[]; debounceMs?: number }
  /**
   * Number of processes, `NAME-1`, `NAME-2`, …, each told its number in LOGBOOM_INSTANCE; `logboom scale` changes how many.
   */
  instances?: number
  /** PORT of the first instance; each further one has the next. Who is ready at this port is so at its own. */
  firstPort?: number
  /** Shown together on the dashboard, and meant by `@group` where commands take names. */
  group?: string
  /** For people: the card's title. Default: made from the name. */
  title?: string
}

export interface FileOptions {
  /** Globs, relative to the configuration's directory. */
  paths: string | string[]
  /** Globs of what is left out. */
  exclude?: string | string[]
  /** Start of reading in files that are there at the very first look. Default: end. */
  start?: 'beginning' | 'end'
  /** A byte order mark counts more. Default: utf-8. */
  encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1'
  /** Compressed files (`.gz`, `.zst`) are read, too; what was read before it was compressed not again. Default: false. */
  compressed?: boolean
  /** Directories that links may lead to, beside those that the paths name. */
  allow?: string | string[]
  /** For people: the card's title. Default: made from the name. */
  title?: string
}

export interface SyslogOptions {
  /** Port, or `host:port`. Default, where `tcp` is not given either: 127.0.0.1:5514. */
  udp?: number | string
  /** Port, or host and port, for TCP. */
  tcp?: number | string
  /** Addresses and networks that may send, beside this machine; needed to listen where others can reach it. */
  allow?: string | string[]
  /** For people: the card's title. Default: made from the name. */
  title?: string
}

export interface JournaldOptions {
  /** Only of these units, as `journalctl --unit` takes them. */
  units?: string | string[]
  /** Only as severe as this, or more. */
  priority?: 'emerg' | 'alert' | 'crit' | 'err' | 'warning' | 'notice' | 'info' | 'debug'
  /** Only with these values, such as `_TRANSPORT=kernel`: any of those of one field, and one of each field. */
  matches?: string | string[]
  /** Of journal files; default: this machine's journal. */
  directory?: string
  /** Start of reading at the very first look. Default: end. */
  start?: 'beginning' | 'end'
  /** Fields to keep besides those that are kept anyway, such as `ORDER_ID`. */
  fields?: string | string[]
  /** For people: the card's title. Default: made from the name. */
  title?: string
}

export interface DockerOptions {
  /** Address of the engine: `unix:///var/run/docker.sock`, `tcp://10.0.0.5:2376`, `ssh://user@host`. Default: that of the command docker. */
  host?: string
  /** PEM files for an engine behind TLS. */
  tls?: { ca?: string; cert?: string; key?: string }
  /** Only containers of these names, such as `web-*`; likewise those below. Of each kind that is given one must be right. */
  containers?: string | string[]
  images?: string | string[]
  /** `key` or `key=value`. */
  labels?: string | string[]
  /** Of Compose. */
  projects?: string | string[]
  /** But not containers of these names. */
  exclude?: string | string[]
  /** Start of reading in logs of containers that are there at the very first look. Default: beginning. */
  start?: 'beginning' | 'end'
  /** Lets containers be started, stopped and restarted from page and command line. Default: false. */
  control?: boolean
  /** For people: the card's title. Default: made from the name. */
  title?: string
}

interface StageOptions {
  /**
   * One record of lines that belong together: stack traces (`traces`, on), what is indented (`indented`, off), what does not
   * match the regular expression `start`. What may go on is waited for so long, by default 100 ms.
   */
  joinLines?: boolean | { traces?: boolean; indented?: boolean; start?: string; waitMs?: number }
  /** Masks secrets. `keys`: names of more that are secret, `except`: of some that are not. */
  redact?: boolean | { keys?: string[]; except?: string[] }
  /** `timezone`: that of times without one, such as `UTC`, `Europe/Berlin` or `+02:00`; else it is this machine's. */
  parse?: boolean | { enabled?: boolean; timezone?: string }
  guessLevel?: boolean | Record<string, never>
  /** Leaves out what a query finds, or keeps only one of so many of it; gap records count what is left out. */
  drop?: boolean | { rules: { query: string; keepOneOf?: number }[] }
}

interface Limits {
  /** `12h`, `1h30m`, `30d`; whole days go. */
  age?: string | false
  /** `500MB`, `10GB`, `2GiB`. */
  size?: string | false
}

export interface LogboomConfig {
  /** Processes to run, by name. Names are unique over all sections. */
  processes?: Record<string, ProcessOptions>
  /** Files of others, by name: globs alone, or with options. */
  files?: Record<string, string | string[] | FileOptions>
  /** Syslog messages over UDP and TCP, by name: where to listen for both, or with options. */
  syslog?: Record<string, number | string | SyslogOptions>
  /** Parts of systemd's journal, by name; `{}` for all of it from now on. */
  journald?: Record<string, JournaldOptions>
  /** Engines whose containers are read. */
  docker?: Record<string, DockerOptions>
  /** Titles of pipes; `logboom pipe --name NAME` needs no entry here. */
  pipes?: Record<string, { title?: string }>
  /**
   * Jobs of orchestrators, by name; no job needs an entry. Lines that come one by one over `/ws/orchestrator` are committed
   * `batchLines` (500) at a time, or when the first of them has waited for `flushIntervalMs` (1000).
   * A job of which nothing was heard for `lostAfterMs` (86400000, a day) has ended, with status `TIMEOUT`.
   */
  jobs?: Record<string, { batchLines?: number; flushIntervalMs?: number; lostAfterMs?: number; title?: string }>
  /**
   * Steps that shape records before they are stored; `false` leaves a step out. `sources` says what is another for the sources
   * whose name matches, such as `{ 'api*': { joinLines: false } }`; the first that matches counts.
   */
  stages?: StageOptions & { sources?: Record<string, StageOptions> }
  /** Places of records besides the store; `false` switches one off. Directories are relative to the configuration's. */
  sinks?: { logFile?: boolean | Partial<LogFileOptions>; sessionFile?: boolean | Partial<SessionFileOptions> }
  /** `memory` keeps nothing on disk. Default: local. */
  store?: 'local' | 'memory'
  /**
   * Limits of the store: records of the last 30 days (`age`) and 10 GB (`size`) where nothing else is said, `false` for no
   * limit. `sources` has limits of its own for the sources whose name matches, such as `{ 'api*': { age: '7d' } }`; the first
   * that matches counts. `retention: false` keeps everything.
   */
  retention?: false | (Limits & { sources?: Record<string, Limits> })
  /**
   * Address of the dashboard. Default: 127.0.0.1, port 7420; port 0 takes any that is free. `maxConnections` are served at
   * once, 1000 unless told, and never more than half of the files that the hub may have open. An address that others reach needs
   * users: docs/access.md. `hosts` are the names that the hub is called by besides those of this machine: `['logs.example.org']`. `tls`
   * names the PEM files of its certificate and key, which are read again when they change. Pages of `origins`, such as
   * `http://localhost:3000`, may open streams and Socket.IO, and nothing else; default: none.
   */
  server?: {
    host?: string
    hosts?: string[]
    tls?: { cert: string; key: string }
    port?: number
    maxConnections?: number
    origins?: string[]
  }
  /** Default: `.logboom` beside the configuration. */
  stateDirectory?: string
  /** Session ids read `<prefix>-20250608-142530`. Default: logboom-session. */
  session?: { prefix?: string }
  /**
   * For `logboom agent`, which hands the lines of this host to a hub elsewhere: docs/hosts.md. `name` of this host there, default: what
   * the system calls it. `control`: processes may be started and stopped from there. `spool`: how much is kept while the hub is
   * away (`1GiB`), and whether sources then wait (`block`) or the oldest goes, counted (`gap`). The token comes from LOGBOOM_TOKEN.
   */
  agent?: {
    hub?: string
    name?: string
    control?: boolean
    insecure?: boolean
    spool?: { size?: string; whenFull?: 'block' | 'gap' }
  }
  /** First part of a logger's name → the service's display name in session files and streams. */
  serviceNames?: Record<string, string>
  /** The least severe that consoles, cards and streams show; files and store have all. Default: INFO. */
  logLevel?: SeverityName | Lowercase<SeverityName>
  /** The least severe that is kept; how many lines are left out is counted. Default: TRACE, which is all. */
  captureLevel?: SeverityName | Lowercase<SeverityName>
  /** Lines that are held in memory for clients that connect. Default: 1000. */
  maxMemoryLogs?: number
  /** For so long after a line its repeats are not streamed but counted. Default: 30000. */
  deduplicationWindowMs?: number
  /** `false`: `/ws`, `/ws/monitor`, `/ws/events`, Socket.IO and cards give no lines; files and store go on. */
  enableDashboardStreaming?: boolean
  /** Directory of the session files. Default: `sessions` in the state directory. */
  sessionFilePath?: string
  /** How often session files are written. Default: 5000. */
  fileFlushIntervalMs?: number
}
