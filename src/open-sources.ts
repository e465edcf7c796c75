// Opens the sources of a configuration, gives each its context, and shows people how they are.
import { join } from 'node:path'
import { z } from 'zod'
import type { Catalogue } from './catalogue.ts'
import { dependenciesOf } from './config/check-dependencies.ts'
import type { Config, SourceConfig } from './config/config.ts'
import { pickSources } from './config/pick-sources.ts'
import { controlSources, dependentsOf, inOrder, type Controlled } from './control-sources.ts'
import { LogboomError } from './errors.ts'
import { hubSource, type HubLog } from './hub-log.ts'
import { logFilePath } from './sinks/log-names.ts'
import { sourceTitle } from './server/source-title.ts'
import type { Entry, Source, SourceContext, SourceType } from './source.ts'
import { sourceTypes } from './sources/index.ts'
import { findPipes } from './supervise/pipe-files.ts'
import type { Storage } from './storage/storage.ts'
import type { ControlRequest, SourceView } from './wire/hub-view.ts'

export interface Sources {
  byName: ReadonlyMap<string, Source>
  /** Absolute, also where no files are written. */
  logsDirectory: string
  sessionFile?: string
  views(): SourceView[]
  /** Rejects, having done nothing, where it is asked of what is not there. */
  control(request: ControlRequest): Promise<Controlled[]>
  /** Opens them all, side by side; what one of them cannot do is told, and the others go on. */
  open(): Promise<void>
  close(options: { keep: boolean }): Promise<void>
}

export interface SourcesOptions {
  config: Config
  session: string
  catalogue: Catalogue
  storage: Storage
  log: HubLog
  changed(): void
  now(): number
  types?: readonly SourceType[]
}

const pipeLookMs = 500

/** What a killed hub left running under a name that the configuration no longer has: taken over, never started anew. */
function leftBehind({ config, catalogue, session, now }: SourcesOptions, types: readonly SourceType[]): SourceConfig[] {
  const process = types.find(({ type }) => type === 'process')
  const known = new Set([hubSource, ...config.sources.map(({ name }) => name)])
  if (!process) return []
  // Of processes only: files go on without us, and pipes are found by what they leave.
  const lastCommand = (name: string): unknown => catalogue.runs(name, session, now).last()?.details.command
  return catalogue
    .unendedSources()
    .filter((name) => !known.has(name))
    .map((name) => ({ name, command: lastCommand(name) }))
    .filter(({ command }) => command !== undefined)
    .map(({ name, command }) => ({
      type: process.type,
      name,
      options: process.options(z).parse({ command, autostart: false, restart: 'never' }),
    }))
}

export function openSources(options: SourcesOptions): Sources {
  const { config, session, catalogue, storage, log, changed, now, types = sourceTypes } = options
  const left = leftBehind(options, types)
  const all = [...config.sources, ...left]
  const byName = new Map<string, Source>()
  const captureDirectory = join(config.stateDirectory, 'capture')
  const refused = new Set<string>()
  let pipeTimer: NodeJS.Timeout | undefined
  let pipeTrouble: string | undefined
  let isClosing = false
  const logsDirectory = directoryOf(config.sinks.logFile) ?? join(config.stateDirectory, 'logs')
  const sessions = directoryOf(config.sinks.sessionFile) ?? join(config.stateDirectory, 'sessions')

  function contextOf(name: string): SourceContext {
    return {
      name,
      session,
      baseDirectory: config.directory,
      captureDirectory,
      runs: catalogue.runs(name, session, now),
      tail: (request) => storage.tail(name, request),
      tailForeign: (request) => storage.tailForeign(name, request),
      forgetForeign: (run, file) => storage.forgetForeign(name, run, file),
      foreignFiles: (run) => storage.foreignFiles(name, run),
      backlogBytes: () => storage.backlogBytes(name),
      push(run, entries, once) {
        for (const entry of entries) if (entry.kind === 'event') showEvent(name, run.pid, entry)
        return storage.push({ source: name, session, ...run }, entries, once)
      },
      async has(query) {
        for await (const { batches } of storage.search({ query, limit: 1 }))
          if (batches.some(({ count }) => count > 0)) return true
        return false
      },
      statusOf: (other) => byName.get(other)?.status(),
      startOther: async (other) => await byName.get(other)?.control?.('start'),
      changed,
      now,
    }
  }

  function showEvent(name: string, pid: number, entry: Entry): void {
    if (entry.extras?.fields?.event === 'started' && config.sinks.logFile)
      log.say('INFO', `📁 Process ${name} logging to: ${logFilePath(logsDirectory, name)}`)
    log.show({ time: entry.time ?? now(), pid, severity: entry.severity ?? 9, message: `${name} ${entry.message}` })
  }

  async function lookForPipes(): Promise<void> {
    try {
      await openPipes()
      pipeTrouble = undefined
    } catch (error) {
      const { message } = error as Error
      if (message !== pipeTrouble) log.say('WARNING', `Pipes cannot be looked for: ${message}`)
      pipeTrouble = message
    }
    if (!isClosing) pipeTimer = setTimeout(() => void lookForPipes(), pipeLookMs).unref()
  }

  /** Pipes come without being configured. */
  async function openPipes(): Promise<void> {
    const pipe = types.find(({ type }) => type === 'pipe')
    if (!pipe) return
    for (const { name } of findPipes(captureDirectory)) {
      if (isClosing) return
      const there = all.find((each) => each.name === name)
      if (there?.type === 'pipe') continue
      if (!there) {
        const own: SourceConfig = { type: 'pipe', name, options: pipe.options(z).parse({}) }
        all.push(own)
        await openSource(own)
        changed()
      } else if (!refused.has(name)) {
        refused.add(name)
        log.say(
          'WARNING',
          `A pipe is called ${name}, as is a ${there.type}: its lines wait until that has another name`,
        )
      }
    }
  }

  async function openSource({ type, name, options: sourceOptions }: SourceConfig): Promise<void> {
    const sourceType = types.find((each) => each.type === type)!
    try {
      byName.set(name, await sourceType.open(sourceOptions, contextOf(name)))
    } catch (error) {
      log.say('ERROR', `${name} cannot be opened: ${(error as Error).message}`)
    }
  }

  const othersOf = (name: string): string[] => {
    const source = all.find((each) => each.name === name)
    return source ? dependenciesOf(source.options) : []
  }

  async function control({ action, targets = [], all: everything = false }: ControlRequest): Promise<Controlled[]> {
    const pickable = all.map(({ name, options: sourceOptions }) => ({
      name,
      ...groupOf(sourceOptions),
      isProcess: byName.get(name)?.control !== undefined,
    }))
    const picked = pickSources(everything ? ['*', ...targets] : targets, pickable)
    const deaf = picked.find(({ isProcess }) => !isProcess)
    if (deaf) throw new LogboomError('not-controllable', `${deaf.name} cannot be told to ${action}.`)
    return controlSources(
      action,
      picked.map(({ name }) => name),
      { dependenciesOf: othersOf, control: (name, each) => byName.get(name)!.control!(each) },
    )
  }

  return {
    byName,
    logsDirectory,
    control,
    ...(config.sinks.sessionFile ? { sessionFile: join(sessions, `${session}.log`) } : {}),
    views: () =>
      all
        .filter(({ name }) => byName.has(name))
        .map(({ name, type, options: sourceOptions }) => ({
          ...byName.get(name)!.status(),
          title: sourceTitle(name, type, (sourceOptions as { title?: string }).title),
          ...groupOf(sourceOptions),
          ...(config.sinks.logFile ? { logFile: logFilePath(logsDirectory, name) } : {}),
        })),
    async open() {
      for (const { name } of left)
        log.say('WARNING', `${name} was left running and is not in the configuration any more; stop it from its card`)
      await Promise.all(all.map(openSource))
      await lookForPipes()
    },
    async close(how) {
      isClosing = true
      clearTimeout(pipeTimer)
      // Who is left running has nobody to wait for.
      const dependents = how.keep ? undefined : dependentsOf(byName.keys(), othersOf)
      await inOrder(
        byName.keys(),
        (name) => dependents?.get(name) ?? [],
        async (name) => await byName.get(name)?.close(how),
      )
    },
  }
}

function groupOf(sourceOptions: unknown): { group?: string } {
  const { group } = sourceOptions as { group?: string }
  return group === undefined ? {} : { group }
}

function directoryOf(sinkOptions: unknown): string | undefined {
  return (sinkOptions as { directory?: string } | undefined)?.directory
}
