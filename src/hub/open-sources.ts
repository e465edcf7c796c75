// Opens the sources of a configuration, gives each its context, and shows people how they are.
import { join } from 'node:path'
import { openBringing } from './unconfigured/brought-sources.ts'
import type { Catalogue } from './catalogue.ts'
import type { Config, SourceConfig } from '../config/config.ts'
import { discoverSources } from './unconfigured/discover-sources.ts'
import { findLeftovers, stopOnly } from './unconfigured/leftover-sources.ts'
import type { JobIntake } from '../contracts/job.ts'
import { openJobsOf, type NamedJobRuns } from './jobs/job-sources.ts'
import { openingByName } from './opening-by-name.ts'
import { linkToJob } from './jobs/job-link.ts'
import { lineJoining } from './line-joining.ts'
import { openScale } from './scale.ts'
import type { Settings } from './settings/open-settings.ts'
import { openSourceControl } from './source-control.ts'
import { sourceContext } from './source-context.ts'
import { sourceView } from './source-view.ts'
import { dependentsOf, inOrder, type Controlled } from './control-in-order.ts'
import type { HubLog } from './hub-log.ts'
import { openFiling } from './filing.ts'
import type { Source, SourceType } from '../contracts/source.ts'
import { sourceTypes } from '../sources/index.ts'
import type { Storage } from '../contracts/storage.ts'
import type { ControlRequest, HubInfo, ScaleRequest, SourceView } from '../wire/hub-view.ts'

export interface Sources {
  byName: ReadonlyMap<string, Source>
  /** Places of log files now, and why there are none. */
  places(): { logsDirectory: string } & Pick<HubInfo, 'logsObstacle' | 'sessionFile'>
  views(): SourceView[]
  /** Asks for what keeps lines out of files; true when something has changed. */
  lookForObstacles(): Promise<boolean>
  /** Rejects, having done nothing, where it is asked of what is not there. */
  control(request: ControlRequest, granted?: (name: string) => boolean): Promise<Controlled[]>
  /** Likewise. Gives those that came or went. */
  scale(request: ScaleRequest): Promise<Controlled[]>
  /** Adds a source that is not opened here; false where another has its name. */
  addRemote(config: SourceConfig, source: Source): boolean
  /** Takes away a source that was added so. */
  removeRemote(name: string): void
  /** The source of jobs of this name, opened where there is none; undefined where the name is that of another source. */
  ofJobs(name: string): Promise<NamedJobRuns | undefined>
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
  levels: Pick<Settings, 'levelsOf' | 'controlFileOf'>
  /** Absent where there are none, as on other hosts. */
  jobs?: () => JobIntake
  types?: readonly SourceType[]
}

export function openSources(options: SourcesOptions): Sources {
  const { config, session, catalogue, storage, log, changed, now, levels, types = sourceTypes } = options
  const captureDirectory = join(config.stateDirectory, 'capture')
  const scaling = openScale(config.sources, catalogue)
  const leftovers = findLeftovers({ configured: config.sources, wanted: scaling.sources, types }, catalogue, (name) =>
    catalogue.runs(name, session, now),
  )
  const tooMany = leftovers.flatMap(({ name, instanceOf }) => (instanceOf === undefined ? [] : name))
  const unwanted = leftovers.flatMap(({ name, instanceOf }) => (instanceOf === undefined ? name : []))
  const all = [...scaling.sources, ...leftovers]
  const byName = new Map<string, Source>()
  const logsDirectory = directoryOf(config.sinks.logFile) ?? join(config.stateDirectory, 'logs')
  const sessions = directoryOf(config.sinks.sessionFile) ?? join(config.stateDirectory, 'sessions')
  const filing = openFiling({
    storage,
    log,
    logs: logsDirectory,
    isOn: config.sinks.logFile !== undefined,
    session: config.sinks.sessionFile ? join(sessions, `${session}.log`) : undefined,
  })
  const typeOf = ({ type }: SourceConfig): SourceType | undefined => types.find((each) => each.type === type)
  const given: Parameters<typeof sourceContext>[1] = {
    session,
    baseDirectory: config.directory,
    captureDirectory,
    statusesOf: (other: string) => control.namesOf(other).flatMap((each) => byName.get(each)?.status() ?? []),
    startOther: async (other: string) => await byName.get(other)?.control?.('start'),
    changed,
    now,
    catalogue,
    storage,
    log,
    filing,
    controlFileOf: levels.controlFileOf,
    joiningOf: (name) => lineJoining(name, config),
    linkToJob: async (wanted) => options.jobs && (await linkToJob(wanted, options.jobs(), storage)),
    ...openBringing({ all, byName, changed, contextOf: (name) => sourceContext(name, given) }),
  }

  const { open, openOnce } = openingByName(async (source) => {
    const { name } = source
    try {
      const opened = await typeOf(source)!.open(source.options, sourceContext(name, given))
      byName.set(name, unwanted.includes(name) ? stopOnly(name, opened) : opened)
      return true
    } catch (error) {
      log.say('ERROR', `${name} cannot be opened: ${(error as Error).message}`)
      return false
    }
  })

  const control = openSourceControl({ all, byName, scaling, open, changed })
  let opening: Promise<{ close(): Promise<void> }> | undefined

  const viewOf = (source: SourceConfig): SourceView =>
    sourceView(source, byName.get(source.name)!, { type: typeOf(source), levels, filing })

  return {
    byName,
    places: () => filing.places(),
    control: control.control,
    scale: control.scale,
    lookForObstacles: () => filing.look([...byName.keys()]),
    addRemote: (config, source) => addOpened(config, source, { all, byName, changed }),
    removeRemote: (name) => removeOpened(name, { all, byName, changed }),
    ofJobs: (name) => openJobsOf(name, { all, byName, openOnce, changed }),
    views: () => all.filter(({ name }) => byName.has(name)).map(viewOf),
    async open() {
      opening = openAll()
      await opening
    },
    async close(how) {
      if (!how.keep) scaling.forget()
      // Whoever ends the hub while it begins waits for that.
      const discovery = await opening?.catch(() => undefined)
      await discovery?.close()
      // Processes that are left running have nobody to wait for.
      const dependents = how.keep ? undefined : dependentsOf(byName.keys(), control.dependenciesOf)
      await inOrder(
        byName.keys(),
        (name) => dependents?.get(name) ?? [],
        async (name) => await byName.get(name)?.close(how),
      )
    },
  }

  async function openAll(): Promise<{ close(): Promise<void> }> {
    for (const name of unwanted)
      log.say('WARNING', `${name} was left running and is not in the configuration any more; stop it from its card`)
    for (const name of tooMany) log.say('WARNING', `${name} is one too many, and is stopped`)
    await Promise.all(all.filter(typeOf).map(openOnce))
    void control.remove(tooMany)
    return await discoverSources({ types, all, captureDirectory, open, log, changed })
  }
}

/** Names that differ in their letter case alone are one. */
function addOpened(
  config: SourceConfig,
  source: Source,
  { all, byName, changed }: { all: SourceConfig[]; byName: Map<string, Source>; changed(): void },
): boolean {
  if (all.some(({ name }) => name.toLowerCase() === config.name.toLowerCase())) return false
  all.push(config)
  byName.set(config.name, source)
  changed()
  return true
}

function removeOpened(
  name: string,
  { all, byName, changed }: { all: SourceConfig[]; byName: Map<string, Source>; changed(): void },
): void {
  all.splice(
    all.findIndex((each) => each.name === name),
    1,
  )
  byName.delete(name)
  changed()
}

function directoryOf(sinkOptions: unknown): string | undefined {
  return (sinkOptions as { directory?: string } | undefined)?.directory
}
