// What `import … from 'logboom'` gives: types, and what a configuration needs. It is loaded by every
// configuration in TypeScript or JavaScript, so nothing else is loaded with it.
import type { LogboomConfig } from './config/logboom-config.ts'

export type { FileOptions, LogboomConfig, ProcessOptions } from './config/logboom-config.ts'
export type { Kind, LogRecord, SeverityName, Stream } from './contracts/record.ts'
export type { SourceState, SourceStatus } from './contracts/source-status.ts'

type Given = LogboomConfig | Promise<LogboomConfig> | (() => LogboomConfig | Promise<LogboomConfig>)

/** An example for `serviceNames`: a logger's name up to its first dot → the service's display name. */
export const exampleServiceNames: Readonly<Record<string, string>> = {
  deepgram_direct_mic: 'Voice Input',
  gpt_service: 'AI Assistant',
  elevenlabs_service: 'Speech Synthesis',
  music_controller: 'Music Controller',
  eye_light_controller: 'Eye Lights',
  yoda_mode_manager: 'Mode Manager',
  web_bridge: 'Web Bridge',
}

/** Gives back what it got: it is there so that the editor knows the keys. */
export function defineConfig<Config extends Given>(config: Config): Config {
  return config
}
