// The composition root: one hub is a lock, a catalogue, the storage, the sources and the server, opened in this order
// and closed in the opposite one.
import { rmSync } from 'node:fs'
import { accessFile } from '../access/access-file.ts'
import { openAccess, type Access } from '../access/open-access.ts'
import { openToNetwork } from '../access/open-to-network.ts'
import { plainHttp } from '../access/plain-http.ts'
import type { Config } from '../config/config.ts'
import type { Controlled } from './control-in-order.ts'
import type { Hosts } from '../contracts/hosts/host.ts'
import type { JobIntake } from '../contracts/job.ts'
import { openRunLists } from './jobs/list-runs.ts'
import { openHosts } from './hosts/open-hosts.ts'
import { openJobs, type OpenedJobs } from './jobs/open-jobs.ts'
import { hubFilePath, tendHubFile } from './hub-file.ts'
import type { HubLine } from './hub-log.ts'
import { openState } from './state/open-state.ts'
import type { AuditEntry } from '../server/hub-interface.ts'
import { openServer, type ServerOptions } from '../server/open-server.ts'
import type { Settings } from './settings/open-settings.ts'
import { settingsOf, storedBy } from './settings/settings-of.ts'
import { openSources } from './open-sources.ts'
import { watchTrouble } from './watch-trouble.ts'
import type { Source } from '../contracts/source.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../contracts/storage.ts'
import { isLoopback } from '../system/loopback.ts'
import { version } from '../system/version.ts'
import type { RunLists } from '../wire/run-view.ts'
import { hubSource } from '../text/source-name.ts'
import type { ControlRequest, HubInfo, HubStatus, ScaleRequest } from '../wire/hub-view.ts'

export type { HubLine }

export interface Hub {
  access: Access
  /** Tells the hub's own log what somebody did. */
  audit(entry: AuditEntry): void
  /** Of the dashboard, without a slash at the end. */
  url: string
  /** For programs of this machine, which need no certificate. */
  localUrl: string
  session: string
  sources: ReadonlyMap<string, Source>
  /** Starts, stops or restarts several, in the order in which they wait for each other. */
  control(request: ControlRequest, granted?: (name: string) => boolean): Promise<Controlled[]>
  /** Changes how many instances of a process run; gives those that came or went. */
  scale(request: ScaleRequest): Promise<Controlled[]>
  jobs: JobIntake
  /** Hosts whose agents hand in records. */
  hosts: Hosts
  lists: RunLists
  storage: Storage
  settings: Settings
  status(): HubStatus
  /** Calls back when something of `status()` has changed; gives what ends that. */
  onStatus(listener: () => void): () => void
  /** Tells the hub's own log of an error that nobody foresaw. */
  report(error: Error): void
  /** Tells it of something that somebody else does wrong. */
  warn(message: string): void
  /** Calls back with what belongs on the console. */
  onEvent(listener: (line: HubLine) => void): () => void
  /** `keep` leaves the processes running, for the next hub to adopt. Closing twice is closing once. */
  close(options: { keep: boolean }): Promise<void>
  /** Resolves when the hub has closed, whoever closed it; rejects when it cannot go on. */
  closed: Promise<void>
}

export interface HubOptions {
  /** Gets the console's lines from the very first on. */
  onEvent?: (line: HubLine) => void
}

/** Rejects with `already-running`, `address-in-use`, `open-to-network` or `state-unusable`, having started nothing. */
export async function openHub(config: Config, options: HubOptions = {}): Promise<Hub> {
  const { stateDirectory } = config
  const now = Date.now
  const startedAt = now()
  const isExposed = checkExposure(config)
  const { lock, catalogue, session, log, warn } = openState(config, startedAt, options.onEvent)
  const access = openAccess({ file: accessFile(stateDirectory), now, isExposed })
  const { changed, onStatus } = openListeners()
  const ended = Promise.withResolvers<void>()
  ended.promise.catch(() => undefined)

  const settings = settingsOf({ config, catalogue, changed, warn }, () => storage)
  const storage = await openStorage({ ...storedBy(config, settings), session, warn, fail: ended.reject })
  catalogue.atLeast(storage.lastRuns)
  log.attach(storage.ofSource(hubSource))
  log.say('INFO', `Session ${session}, Logboom ${version}`)
  const exposure = isExposed && !config.server.tls ? [plainHttp(config.server.host)] : []
  exposure.forEach(warn)

  const known = { config, session, catalogue, storage, log, changed, now, levels: settings }
  const sources = openSources({ ...known, jobs: () => jobs })
  const jobs: OpenedJobs = openJobs({ catalogue, openSource: sources.ofJobs, now })
  access.attachJobs(jobs)
  const hosts = openHosts({ catalogue, storage, sources, log, session, now, changed })
  const info = infoOf({ session, startedAt, stateDirectory, logsDirectory: sources.places().logsDirectory })
  const fileOf = () => ({ ...info, url: hub.localUrl, key: access.localKey })
  const trouble = await watchTrouble({
    storage,
    async look() {
      if (info.url !== '') tendHubFileQuietly(stateDirectory, fileOf())
      const isOther = settings.tendControlFiles()
      return (await sources.lookForObstacles().catch(() => false)) || isOther
    },
    onWritable: catalogue.tend,
    changed,
  })

  let closing: Promise<void> | undefined
  const hub: Hub = {
    access,
    audit: log.audit,
    url: '',
    localUrl: '',
    session,
    sources: sources.byName,
    control: sources.control,
    scale: sources.scale,
    jobs,
    hosts,
    lists: openRunLists(catalogue, session),
    storage,
    settings,
    status: () => ({
      hub: { ...info, ...sources.places(), trouble: [...exposure, ...settings.trouble(), ...trouble.found()] },
      sources: sources.views(),
    }),
    onStatus,
    report: (error) => log.say('ERROR', `A request failed: ${error.message}`, { stack: error.stack }),
    warn,
    onEvent: log.onLine,
    close: (how) => (closing ??= close(how)),
    closed: ended.promise,
  }

  async function close({ keep }: { keep: boolean }): Promise<void> {
    trouble.close()
    jobs.close()
    await storage.endWaiting()
    await sources.close({ keep })
    log.say('INFO', keep ? 'Hub stops; the processes go on' : 'Hub stops')
    await log.close()
    await server?.close()
    await storage.close()
    catalogue.endSession(session, now())
    catalogue.close()
    access.close()
    rmSync(hubFilePath(stateDirectory), { force: true })
    lock.close()
    ended.resolve()
  }

  const server = await openServer(hub, serverOptions(config, settings)).catch(async (error: unknown) => {
    trouble.close()
    jobs.close()
    await storage.close()
    catalogue.close()
    access.close()
    lock.close()
    throw error
  })
  hub.url = info.url = server.url
  hub.localUrl = server.localUrl
  tendHubFile(stateDirectory, fileOf())
  await Promise.all([sources.open(), jobs.open()])
  changed()
  return hub
}

function tendHubFileQuietly(...file: Parameters<typeof tendHubFile>): void {
  try {
    tendHubFile(...file)
  } catch {
    // A disk that cannot be written is told by the storage, and passes.
  }
}

/** All that there is to tell, for those who see everything. */
type FullInfo = HubInfo & Required<Pick<HubInfo, 'pid' | 'stateDirectory' | 'logsDirectory'>>

function infoOf(known: Pick<FullInfo, 'session' | 'startedAt' | 'stateDirectory' | 'logsDirectory'>): FullInfo {
  return { version, pid: process.pid, ...known, url: '', trouble: [] }
}

function serverOptions(config: Config, { shown }: Settings): ServerOptions {
  const { maxMemoryLogs, deduplicationWindowMs } = config
  const isStreaming = config.enableDashboardStreaming
  return { ...config.server, streaming: { shown, maxMemoryLogs, deduplicationWindowMs, isStreaming } }
}

function openListeners(): { changed(): void; onStatus(listener: () => void): () => void } {
  const listeners = new Set<() => void>()
  return {
    changed: () => listeners.forEach((listener) => listener()),
    onStatus(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Whether others reach the hub; asked before anything is made, since one that would be open to them must not even begin. */
function checkExposure({ stateDirectory, server: { host } }: Config): boolean {
  const isExposed = !isLoopback(host)
  const { users } = accessFile(stateDirectory).read()
  if (isExposed && users.length === 0) throw openToNetwork(host)
  return isExposed
}
