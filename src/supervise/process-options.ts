// Options of one supervised process, checked and complete. Apart, because each file of this room takes its part of them.
import type { Command } from './command.ts'
import type { Dependencies } from './dependencies.ts'
import type { EnvironmentOptions } from './environment.ts'
import type { ReadyOptions } from './readiness.ts'
import type { RestartRules } from './restart-policy.ts'
import type { ScheduleOptions } from './schedule/schedule.ts'
import type { StandardInput } from './standard-input.ts'
import type { WatchOptions } from './watch/watch-changes.ts'

export interface ProcessOptions extends RestartRules, EnvironmentOptions, ScheduleOptions {
  command: Command
  /** Relative to the configuration's directory; that directory when absent. */
  cwd?: string
  /** Default: `open`; of what a schedule starts `empty`, as cron gives it. */
  stdin?: StandardInput | undefined
  stopSignal: NodeJS.Signals
  /** How long the processes may take to end after the signal, before they are killed. */
  stopTimeoutMs: number
  autostart: boolean
  /** Without it, whoever is running is ready. */
  ready?: ReadyOptions | undefined
  /** Of a list: until they are ready, where they can say so, else until they run. */
  dependsOn: string[] | Dependencies
  /** Number of processes, each a source of its own; `firstPort` is the PORT of the first. */
  instances?: number | undefined
  firstPort?: number | undefined
  /** Processes of one group are shown and controlled together. */
  group?: string | undefined
  /** Files whose changes restart the process. */
  watch?: WatchOptions | undefined
  /** For people, instead of one made from the name. */
  title?: string
}
