// Finds, reads, checks and completes a configuration: flag beats environment beats file beats default.
import { basename, dirname, relative, resolve } from 'node:path'
import { LogboomError } from '../contracts/errors.ts'
import { checkConfig } from './check-config.ts'
import type { Config, SourceConfig } from './config.ts'
import type { ParsedConfig, Parts } from './config-schema.ts'
import { checkConfigFile, configNames, findConfig } from './find-config.ts'
import { findCompose } from './propose/compose.ts'
import { pickSources } from './pick-sources.ts'
import { configError, type Problem } from './problem.ts'
import { readDocument, type Document } from './read-document.ts'
import { readEnvironment, type Settings } from './read-environment.ts'

/** Settings from flags. */
export interface ConfigOverrides extends Settings {
  /** Start these and leave the others stopped. */
  names?: readonly string[]
  /** Read the containers of this machine, too, with a configuration or without one. */
  docker?: boolean
}

export interface LoadOptions {
  /** Directory to look in, absolute. */
  directory: string
  /** A certain file instead, relative to the working directory. */
  file?: string
  overrides?: ConfigOverrides
  environment?: NodeJS.ProcessEnv
  /** For tests; the product's own parts otherwise. */
  parts?: Parts
}

/** Rejects with `config-missing`, with `config-invalid` that names every problem, or with `unknown-source`. */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const file = options.file === undefined ? findConfig(options.directory) : checkConfigFile(resolve(options.file))
  const wantsContainers = options.overrides?.docker ?? false
  if (file === undefined && wantsContainers) return complete(withContainers(emptyDocument), options)
  if (file === undefined) {
    const compose = findCompose(options.directory)
    const looked = `${configNames.slice(0, -1).join(', ')} or ${configNames.at(-1)}`
    throw new LogboomError('config-missing', `there is no configuration in ${options.directory} (${looked})`, {
      ...(compose && {
        hint: `With ${compose} there: logboom up --docker shows its containers; logboom init proposes a configuration.`,
      }),
    })
  }
  const document = await readDocument(file)
  const directory = options.file === undefined ? options.directory : dirname(file)
  return complete(wantsContainers ? withContainers(document) : document, { ...options, directory, file })
}

const emptyDocument: Document = { value: {}, problems: [], locate: () => undefined }

/** The same, with a source of containers where it has none. */
function withContainers(document: Document): Document {
  const value = document.value as Record<string, unknown> | undefined
  return { ...document, value: { ...value, docker: value?.['docker'] ?? { docker: {} } } }
}

export interface CommandOptions extends Omit<LoadOptions, 'file'> {
  /** Of the source; by default what the command is called. */
  name?: string
  /** Default: never. */
  restart?: 'always' | 'on-failure' | 'never'
}

/** The configuration of `logboom run -- CMD`: this one process. Rejects like `loadConfig`. */
export async function configForCommand(command: readonly string[], options: CommandOptions): Promise<Config> {
  const name = options.name ?? nameOfCommand(command)
  const value = { processes: { [name]: { command: [...command], restart: options.restart ?? 'never' } } }
  return complete({ ...emptyDocument, value }, options)
}

function nameOfCommand(command: readonly string[]): string {
  const name = basename(command[0] ?? '').replace(/\.\w+$/, '')
  return name === '' || name === 'logboom' ? 'command' : name
}

async function complete(document: Document, options: LoadOptions): Promise<Config> {
  const parts = options.parts ?? (await loadParts())
  const { parsed, problems } = document.value === undefined ? { problems: [] } : checkConfig(document.value, parts)
  const all = [...document.problems, ...problems.map((problem) => withPlace(problem, document))]
  if (all.length > 0 || !parsed) throw configError(nameOfFile(options), all)
  const settings = { ...readEnvironment(options.environment ?? {}), ...defined(options.overrides) }
  const config = assemble(parsed, parts, options, settings)
  if (options.overrides?.names?.length) selectSources(config.sources, options.overrides.names)
  return config
}

async function loadParts(): Promise<Parts> {
  const [{ sourceTypes }, { stageTypes }, { sinkTypes }, { storeTypes }] = await Promise.all([
    import('../sources/index.ts'),
    import('../stages/index.ts'),
    import('../sinks/index.ts'),
    import('../stores/index.ts'),
  ])
  return { sourceTypes, stageTypes, sinkTypes, storeTypes }
}

function withPlace(problem: Problem, document: Document): Problem {
  const part = problem.message.startsWith('must ') ? 'value' : 'key'
  const place = problem.place ?? document.locate(problem.path, part)
  return place ? { ...problem, place } : problem
}

/** As one would type it: relative where that is shorter. */
function nameOfFile({ file, directory }: LoadOptions): string {
  if (file === undefined) return 'command line'
  const name = relative(directory, file)
  return name.startsWith('..') ? file : name
}

function assemble(parsed: ParsedConfig, parts: Parts, { directory, file }: LoadOptions, settings: Settings): Config {
  const sources = parts.sourceTypes.flatMap(({ type, section }) =>
    Object.entries(parsed[section] as Record<string, unknown>).map(([name, options]) => ({ type, name, options })),
  )
  const sinks = Object.fromEntries(
    Object.entries(parsed.sinks).map(([name, options]) => [name, withAbsoluteDirectory(options, directory)]),
  )
  const sessionFilePath = settings.sessionFilePath ?? parsed.sessionFilePath
  const flushIntervalMs = parsed.fileFlushIntervalMs
  if (sinks.sessionFile) {
    sinks.sessionFile = {
      ...sinks.sessionFile,
      ...(sessionFilePath === undefined ? {} : { directory: resolve(directory, sessionFilePath) }),
      ...(flushIntervalMs === undefined ? {} : { flushIntervalMs }),
    }
  }
  const { sources: ofSources, ...stages } = parsed.stages
  const port = settings.port ?? parsed.server.port
  const { hosts, maxConnections, origins } = parsed.server
  const tls = settings.tls ?? parsed.server.tls
  return {
    ...(file === undefined ? {} : { file }),
    directory,
    stateDirectory: resolve(directory, settings.stateDirectory ?? parsed.stateDirectory),
    sources,
    stages,
    stagesOfSources: Object.entries(ofSources).map(([pattern, own]) => ({ pattern, stages: own })),
    sinks,
    store: settings.store ?? parsed.store,
    retention: parsed.retention,
    server: {
      host: settings.host ?? parsed.server.host,
      ...(port === undefined ? {} : { port }),
      ...(maxConnections === undefined ? {} : { maxConnections }),
      origins,
      ...(hosts === undefined ? {} : { hosts }),
      ...(tls === undefined ? {} : { tls: { cert: resolve(directory, tls.cert), key: resolve(directory, tls.key) } }),
    },
    session: parsed.session,
    agent: parsed.agent,
    serviceNames: parsed.serviceNames,
    logLevel: settings.logLevel ?? parsed.logLevel,
    captureLevel: parsed.captureLevel,
    maxMemoryLogs: settings.maxMemoryLogs ?? parsed.maxMemoryLogs,
    deduplicationWindowMs: parsed.deduplicationWindowMs,
    enableDashboardStreaming: parsed.enableDashboardStreaming,
  }
}

/** A flag that was not given is undefined and must not hide the environment's word. */
function defined(settings: ConfigOverrides = {}): ConfigOverrides {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}

function withAbsoluteDirectory(options: unknown, base: string): object {
  const given = options as { directory?: unknown }
  return typeof given.directory === 'string' ? { ...given, directory: resolve(base, given.directory) } : given
}

/** The sources that are meant start, the others of their kind wait to be started from outside. */
function selectSources(sources: SourceConfig[], targets: readonly string[]): void {
  const pickable = sources.map((source) => {
    const { autostart, group } = source.options as { autostart?: boolean; group?: string }
    return { source, name: source.name, group, isProcess: autostart !== undefined }
  })
  const picked = new Set(pickSources(targets, pickable))
  for (const each of pickable) {
    if (each.isProcess) each.source.options = { ...(each.source.options as object), autostart: picked.has(each) }
  }
}
