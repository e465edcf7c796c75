// A process that runs several times: what each of its instances is called and given. Its own file because the hub makes
// instances while it runs, and `logboom down` after a hub was killed.
import type { ReadyOptions } from '../supervise/readiness.ts'
import type { SourceConfig } from './config.ts'

interface ScaledOptions {
  instances?: number
  firstPort?: number
  env: Record<string, string>
  ready?: ReadyOptions
  group?: string
  title?: string
}

/** How many the configuration says; undefined for what does not run several times. */
export function configuredInstances({ options }: SourceConfig): number | undefined {
  return (options as Partial<ScaledOptions>).instances
}

/** `web-1`, `web-2`, … as sources of their own. */
export function instancesOf(source: SourceConfig, count: number): SourceConfig[] {
  return Array.from({ length: count }, (_, index) => instanceOf(source, index + 1))
}

/** The source of this name, also where it is an instance, whatever their number is now. */
export function findSource(sources: readonly SourceConfig[], name: string): SourceConfig | undefined {
  const [, of, number] = /^(.+)-([1-9]\d*)$/.exec(name) ?? []
  const scaled = sources.find((source) => source.name === of && configuredInstances(source) !== undefined)
  return scaled ? instanceOf(scaled, Number(number)) : sources.find((source) => source.name === name)
}

/** `number` counts from 1. */
function instanceOf({ type, name, options }: SourceConfig, number: number): SourceConfig {
  const { instances: _, firstPort, env, ready, group = name, title, ...rest } = options as ScaledOptions
  const port = firstPort === undefined ? undefined : firstPort + number - 1
  return {
    type,
    name: `${name}-${number}`,
    instanceOf: name,
    options: {
      ...rest,
      env: { ...env, ...(port === undefined ? {} : { PORT: String(port) }), LOGBOOM_INSTANCE: String(number) },
      ...(ready ? { ready: port === undefined ? ready : readyAt(ready, firstPort!, port) } : {}),
      group,
      ...(title === undefined ? {} : { title: `${title} ${number}` }),
    },
  }
}

/** A check at the first port means each instance's own port. */
function readyAt(ready: ReadyOptions, firstPort: number, port: number): ReadyOptions {
  if (ready.port === firstPort) return { ...ready, port }
  if (ready.http === undefined) return ready
  const url = new URL(ready.http)
  if (url.port !== String(firstPort)) return ready
  url.port = String(port)
  return { ...ready, http: url.href }
}
