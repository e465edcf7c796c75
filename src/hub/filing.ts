// The log files of sources, and why some have none: people are told what is so, whatever lies in the way.
import type { HubLog } from './hub-log.ts'
import { logFilePath } from '../sinks/log-names.ts'
import type { Storage } from '../contracts/storage.ts'
import type { HubInfo, SourceView } from '../wire/hub-view.ts'

export interface Filing {
  /** Tells where a process that has just started is logged to, once that has been tried: `pushed` is its first record. */
  tell(name: string, pushed: Promise<void>): Promise<void>
  /** Asks for what is in the way of these sources; true when that has changed. */
  look(names: readonly string[]): Promise<boolean>
  places(): { logsDirectory: string } & Pick<HubInfo, 'logsObstacle' | 'sessionFile'>
  viewOf(name: string): Pick<SourceView, 'logFile' | 'logObstacle'>
}

export interface FilingOptions {
  storage: Pick<Storage, 'obstacles'>
  log: Pick<HubLog, 'say'>
  /** Absolute path of the directory. */
  logs: string
  isOn: boolean
  /** Absolute path of the file of this session, where there is to be one. */
  session: string | undefined
}

export function openFiling({ storage, log, logs, isOn, session }: FilingOptions): Filing {
  let obstacles: ReadonlyMap<string, string> = new Map()
  let ofAll: string | undefined
  let ofSession: string | undefined

  const obstaclesOf = (names: readonly string[]): Promise<ReadonlyMap<string, string>> =>
    isOn ? storage.obstacles('logFile', names) : Promise.resolve(new Map())

  async function tell(name: string, pushed: Promise<void>): Promise<void> {
    // Sinks are fed before this resolves.
    await pushed
    const obstacle = (await obstaclesOf([name])).get(name)
    if (obstacle === undefined) log.say('INFO', `📁 Process ${name} logging to: ${logFilePath(logs, name)}`)
    else log.say('WARNING', `📁 Process ${name} is not kept in a file for now: ${obstacle}`)
  }

  return {
    async tell(name, pushed) {
      // A hub that has ended meanwhile has nothing to tell.
      if (isOn) await tell(name, pushed).catch(() => undefined)
    },
    async look(names) {
      const before = JSON.stringify([...obstacles, ofSession])
      // No source is called so.
      obstacles = await obstaclesOf([...names, ''])
      ofAll = obstacles.get('')
      ofSession = session === undefined ? undefined : (await storage.obstacles('sessionFile', [''])).get('')
      return JSON.stringify([...obstacles, ofSession]) !== before
    },
    places: () => ({
      logsDirectory: logs,
      ...(ofAll === undefined ? {} : { logsObstacle: ofAll }),
      ...(session === undefined || ofSession !== undefined ? {} : { sessionFile: session }),
    }),
    viewOf(name) {
      if (!isOn) return {}
      const logObstacle = obstacles.get(name)
      return logObstacle === undefined ? { logFile: logFilePath(logs, name) } : { logObstacle }
    },
  }
}
