// What `import … from 'logboom'` gives: types, and the one function that a configuration needs. It is loaded by every
// configuration in TypeScript or JavaScript, so little else is loaded with it.
import type { LogboomConfig } from './config/logboom-config.ts'

export { exampleServiceNames } from './text/example-service-names.ts'
export type { FileOptions, LogboomConfig, ProcessOptions } from './config/logboom-config.ts'
export type { Kind, LogRecord, SeverityName, Stream } from './contracts/record.ts'
export type { SourceState, SourceStatus } from './contracts/source-status.ts'

type Given = LogboomConfig | Promise<LogboomConfig> | (() => LogboomConfig | Promise<LogboomConfig>)

/** Gives back what it got: it is there so that the editor knows the keys. */
export function defineConfig<Config extends Given>(config: Config): Config {
  return config
}
