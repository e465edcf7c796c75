// From where the user stands to the hub that runs there: its state directory, the address it left in it, a connection.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { connect, type Client } from '../../client/connect.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { hubFilePath, readHubFile, type HubFile } from '../../hub/hub-file.ts'
import type { HubInfo } from '../../wire/hub-view.ts'
import type { PlaceOptions } from '../command-parts.ts'

/** Flag, environment, `.logboom` here if a hub is or was in it, else what the configuration says. Need not exist. */
export async function findState(place: PlaceOptions): Promise<string> {
  const given = place.state ?? process.env.LOGBOOM_STATE
  if (given) return resolve(given)
  const directory = resolve(place.directory ?? '.')
  const usual = join(directory, '.logboom')
  if (place.config === undefined && existsSync(hubFilePath(usual))) return usual
  const { loadConfig } = await import('../../config/load-config.ts')
  try {
    const config = await loadConfig({ directory, ...(place.config === undefined ? {} : { file: place.config }) })
    return config.stateDirectory
  } catch (error) {
    if (error instanceof LogboomError && error.code === 'config-missing' && place.config === undefined) return usual
    throw error
  }
}

export interface FoundHub {
  client: Client
  info: HubInfo
  file: HubFile
}

/** Undefined when no hub answers for this state directory, even if something else does at the address it once had. */
export async function tryHub(stateDirectory: string): Promise<FoundHub | undefined> {
  const file = readHubFile(stateDirectory)
  if (!file) return undefined
  const client = connect(file.url, { token: file.key })
  const info = await client.hub().catch(() => undefined)
  return info && info.session === file.session ? { client, info, file } : undefined
}

/** Rejects with `not-running`. */
export async function findHub(place: PlaceOptions): Promise<FoundHub> {
  const stateDirectory = await findState(place)
  const found = await tryHub(stateDirectory)
  if (!found) throw notRunning(stateDirectory)
  return found
}

export const notRunning = (stateDirectory: string): LogboomError =>
  new LogboomError('not-running', `no hub is running in ${stateDirectory}`)
