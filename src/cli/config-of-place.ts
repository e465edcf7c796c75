// The configuration that holds where the user stands, for commands that do without a hub.
import { resolve } from 'node:path'
import { configForCommand, loadConfig } from '../config/load-config.ts'
import type { Config } from '../config/config.ts'
import { LogboomError } from '../contracts/errors.ts'
import type { PlaceOptions } from './command-parts.ts'

/** All defaults where there is none. Rejects with `config-invalid`. */
export async function configOfPlace(place: PlaceOptions): Promise<Config> {
  const directory = resolve(place.directory ?? '.')
  try {
    return await loadConfig({ directory, ...(place.config === undefined ? {} : { file: place.config }) })
  } catch (error) {
    if (!(error instanceof LogboomError && error.code === 'config-missing') || place.config !== undefined) throw error
    return await configForCommand(['true'], { directory })
  }
}
