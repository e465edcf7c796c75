// Settings as the hub and an agent open them: the words of the configuration, and who is to hear of changes.
import type { Config } from '../../config/config.ts'
import type { Storage } from '../../contracts/storage.ts'
import type { Threshold } from '../../contracts/request.ts'
import type { Retention } from '../../contracts/retention.ts'
import { openServices } from '../../text/services.ts'
import { openSettings, type Settings, type SettingsOptions } from './open-settings.ts'

/** The settings of the configuration, with what has been changed since. */
export function settingsOf(
  {
    config,
    catalogue,
    changed,
    warn,
  }: Omit<SettingsOptions, 'config' | 'services' | 'capture' | 'retain'> & { config: Config },
  storage: () => Storage,
): Settings {
  return openSettings({
    config,
    catalogue,
    services: openServices(config.serviceNames),
    capture: (threshold) => storage().setCapture(threshold),
    retain: (rules) => storage().setRetention(rules),
    changed,
    warn,
  })
}

interface Stored extends Pick<
  Config,
  'stateDirectory' | 'store' | 'stages' | 'stagesOfSources' | 'sinks' | 'serviceNames'
> {
  retention: Retention
  capture: Threshold
}

/** How records are shaped and kept, in the words of the configuration and of the settings. */
export function storedBy(
  { stateDirectory, store, stages, stagesOfSources, sinks, serviceNames }: Config,
  settings: Settings,
): Stored {
  const [retention, capture] = [settings.retention(), settings.captured()]
  return { stateDirectory, store, retention, capture, stages, stagesOfSources, sinks, serviceNames }
}
