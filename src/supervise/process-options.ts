// What can be said of one supervised process, once it is checked and complete. Apart, because all that supervises takes its part.
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
  /** It runs so many times, as sources of their own; `firstPort` is the PORT of the first. */
  instances?: number | undefined
  firstPort?: number | undefined
  /** It is shown and controlled together with others of the same. */
  group?: string | undefined
  /** It is restarted when such files change. */
  watch?: WatchOptions | undefined
  /** For people, instead of one made from the name. */
  title?: string
}
