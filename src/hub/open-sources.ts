// Opens the sources of a configuration, gives each its context, and shows people how they are.
import { join } from 'node:path'
import { z } from 'zod'
import type { Catalogue } from './catalogue.ts'
import type { Config, SourceConfig } from '../config/config.ts'
import { LogboomError } from '../contracts/errors.ts'
import { findLeftBehind } from './left-behind.ts'
import { openScale } from './scale.ts'
import { groupOf, steerSources } from './steer-sources.ts'
import { dependentsOf, inOrder, type Controlled } from './control-sources.ts'
import type { HubLog } from './hub-log.ts'
import { openFiling } from './filing.ts'
import { sourceTitle } from '../text/source-title.ts'
import type { RunLog, Source, SourceContext, SourceType } from '../contracts/source.ts'
import type { Entry } from '../contracts/source-storage.ts'
import { sourceTypes } from '../sources/index.ts'
import { findPipes } from '../supervise/pipe-files.ts'
import type { Storage } from '../contracts/storage.ts'
import type { ControlRequest, ScaleRequest, SourceView } from '../wire/hub-view.ts'

export interface Sources {
  byName: ReadonlyMap<string, Source>
  /** Absolute, also where no files are written. */
  logsDirectory: string
  /** Absolute path, where there is one now. */
  sessionFile(): string | undefined
  views(): SourceView[]
  /** Asks for what keeps lines out of files; true when something has changed. */
  lookForObstacles(): Promise<boolean>
  /** Why nothing gets into any file there. */
  logsObstacle(): string | undefined
  /** Rejects, having done nothing, where it is asked of what is not there. */
  control(request: ControlRequest): Promise<Controlled[]>
  /** Likewise. Gives those that came or went. */
  scale(request: ScaleRequest): Promise<Controlled[]>
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

export function openSources(options: SourcesOptions): Sources {
  const { config, session, catalogue, storage, log, changed, now, types = sourceTypes } = options
  const runsOf = (name: string): RunLog => catalogue.runs(name, session, now)
  const scaling = openScale(config.sources, catalogue)
  const processType = types.find(({ type }) => type === 'process')
  const left = processType
    ? findLeftBehind({ configured: config.sources, wanted: scaling.sources, processType }, catalogue, runsOf)
    : []
  const all = [...scaling.sources, ...left]
  const byName = new Map<string, Source>()
  const captureDirectory = join(config.stateDirectory, 'capture')
  const refused = new Set<string>()
  let pipeTimer: NodeJS.Timeout | undefined
  let pipeTrouble: string | undefined
  let isClosing = false
  const logsDirectory = directoryOf(config.sinks.logFile) ?? join(config.stateDirectory, 'logs')
  const sessions = directoryOf(config.sinks.sessionFile) ?? join(config.stateDirectory, 'sessions')
  const filing = openFiling({
    storage,
    log,
    logs: logsDirectory,
    isOn: config.sinks.logFile !== undefined,
    session: config.sinks.sessionFile ? join(sessions, `${session}.log`) : undefined,
  })

  function contextOf(name: string): SourceContext {
    const own = storage.ofSource(name)
    return {
      name,
      session,
      baseDirectory: config.directory,
      captureDirectory,
      runs: runsOf(name),
      ...own,
      push(run, entries, once) {
        const pushed = own.push(run, entries, once)
        for (const entry of entries) if (entry.kind === 'event') showEvent(name, run.pid, entry, pushed)
        return pushed
      },
      statusesOf: (other) => steering.namesOf(other).flatMap((each) => byName.get(each)?.status() ?? []),
      startOther: async (other) => await byName.get(other)?.control?.('start'),
      memory: {
        keep: (value) => catalogue.keep(`source ${name}`, value),
        kept: () => catalogue.kept(`source ${name}`),
      },
      changed,
      now,
    }
  }

  function showEvent(name: string, pid: number, entry: Entry, pushed: Promise<void>): void {
    if (entry.extras?.fields?.event === 'started') void filing.tell(name, pushed)
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

  const stopOnly = new Set(left.filter(({ instanceOf }) => instanceOf === undefined).map(({ name }) => name))

  async function openSource({ type, name, options: sourceOptions }: SourceConfig): Promise<void> {
    const sourceType = types.find((each) => each.type === type)!
    try {
      const source = await sourceType.open(sourceOptions, contextOf(name))
      byName.set(name, stopOnly.has(name) ? stoppable(name, source) : source)
    } catch (error) {
      log.say('ERROR', `${name} cannot be opened: ${(error as Error).message}`)
    }
  }

  const steering = steerSources({ all, byName, scaling, open: openSource, changed })

  return {
    byName,
    logsDirectory,
    control: steering.control,
    scale: steering.scale,
    sessionFile: filing.sessionFile,
    lookForObstacles: () => filing.look([...byName.keys()]),
    logsObstacle: filing.obstacleOfAll,
    views: () =>
      all
        .filter(({ name }) => byName.has(name))
        .map(({ name, type, instanceOf, options: sourceOptions }) => ({
          ...byName.get(name)!.status(),
          title: sourceTitle(name, type, (sourceOptions as { title?: string }).title),
          ...groupOf(sourceOptions),
          ...(instanceOf === undefined ? {} : { instanceOf }),
          ...filing.viewOf(name),
        })),
    async open() {
      for (const { name, instanceOf } of left) {
        const why = 'was left running and is not in the configuration any more; stop it from its card'
        log.say('WARNING', `${name} ${instanceOf === undefined ? why : 'is one too many, and is stopped'}`)
      }
      await Promise.all(all.map(openSource))
      void steering.remove(left.flatMap(({ name, instanceOf }) => (instanceOf === undefined ? [] : name)))
      await lookForPipes()
    },
    async close(how) {
      isClosing = true
      if (!how.keep) scaling.forget()
      clearTimeout(pipeTimer)
      // Who is left running has nobody to wait for.
      const dependents = how.keep ? undefined : dependentsOf(byName.keys(), steering.dependenciesOf)
      await inOrder(
        byName.keys(),
        (name) => dependents?.get(name) ?? [],
        async (name) => await byName.get(name)?.close(how),
      )
    },
  }
}

/** What it would be started by is not known: its command is kept without its secrets. */
function stoppable(name: string, source: Source): Source {
  return {
    ...source,
    async control(action) {
      if (action !== 'stop')
        throw new LogboomError('not-controllable', `${name} is not in the configuration any more`, {
          hint: 'It can be stopped; to start it again, configure it again.',
        })
      await source.control?.(action)
    },
  }
}

function directoryOf(sinkOptions: unknown): string | undefined {
  return (sinkOptions as { directory?: string } | undefined)?.directory
}
