// Everything in a state directory but the records, and the own log of whoever has it: of a hub, and of an agent.
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { hubSource } from '../../text/source-name.ts'
import { openCatalogue, type Catalogue } from '../catalogue.ts'
import { openHubLog, type HubLine, type HubLog } from '../hub-log.ts'
import { recallRuns } from '../recall-runs.ts'
import { makeStateDirectory } from './state-directory.ts'
import { openStateLock, type StateLock } from './state-lock.ts'

export interface OpenState {
  lock: StateLock
  catalogue: Catalogue
  session: string
  log: HubLog
  warn(message: string): void
}

/** Throws `already-running` and `state-unusable`. */
export function openState(
  { stateDirectory, session: { prefix } }: Config,
  startedAt: number,
  onEvent?: (line: HubLine) => void,
): OpenState {
  makeStateDirectory(stateDirectory)
  const inState = (name: string): string => join(stateDirectory, name)
  // Damage may be found before there is a log.
  const early: string[] = []
  let say = (message: string): void => void early.push(message)
  const warn = (message: string): void => say(message)
  const lock = openStateLock(inState('lock.db'), warn)
  const catalogue = openCatalogue(inState('catalogue.db'), warn)
  recallRuns(catalogue, inState('capture'), warn)
  const session = catalogue.beginSession(prefix, startedAt)
  const log = openHubLog({ runs: catalogue.runs(hubSource, session, Date.now), now: Date.now })
  if (onEvent) log.onLine(onEvent)
  say = (message) => log.say('WARNING', message)
  early.forEach(say)
  return { lock, catalogue, session, log, warn }
}
